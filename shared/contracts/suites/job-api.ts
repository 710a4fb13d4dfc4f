import { z } from 'zod';
import { type JobWork, splitJobToken } from '../../domain/checks/job-token.ts';
import type { RunId } from '../../domain/ids.ts';
import { RunIdSchema } from '../id-schemas.ts';

/** Larger than any report of a shard, smaller than the 32 MiB that Cloud Run lets into a request. */
export const maxReportBytes = 20 * 1024 * 1024;

const Line = z.string().regex(/^[^\n\r\0]*$/, 'must be one line');
const NonEmptyLine = Line.min(1);

/** What the agent of a job is to do: the answer to `GET {collect}/shard`. */
export const JobAssignmentSchema = z.strictObject({
  /** `list`: what the command prints is handed in; `run`: the report that it writes. */
  mode: z.enum(['list', 'run']),
  /** The text of a POSIX shell script. */
  command: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/),
  /** What the command finds in its environment. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a valid variable name'), Line),
  /** Where the command writes its report; absent: where DEPLOY_LOOP_RESULTS_FILE says. */
  results: NonEmptyLine.optional(),
  /** The ids of the tests to run, which the command finds in DEPLOY_LOOP_TESTS_FILE. */
  tests: z.array(NonEmptyLine),
  /** Then the command is told to end, and what it has written is handed in. */
  timeoutS: z.int().min(1),
});
export type JobAssignment = z.infer<typeof JobAssignmentSchema>;

/**
 * An assignment as text that a shell can read: lines of `key value`, an empty line, the ids.
 * @throws {z.ZodError} something is not one line
 */
export function renderJobAssignment(assignment: JobAssignment): string {
  const { mode, command, env, results, tests, timeoutS } = JobAssignmentSchema.parse(assignment);
  const head = [
    'deploy-loop-shard 1',
    `mode ${mode}`,
    `timeout ${timeoutS}`,
    `limit ${maxReportBytes}`,
    `tests ${tests.length}`,
    ...(results === undefined ? [] : [`results ${results}`]),
    ...Object.entries(env).map(([name, value]) => `env ${name}=${value}`),
    ...command.split('\n').map((line) => `command ${line}`),
  ];
  return `${[...head, '', ...tests].join('\n')}\n`;
}

/** How the agent describes what it hands in: the headers of `POST {collect}/results`. */
export const JobReportSchema = z
  .object({
    /** The command's own; above 128: ended by a signal. */
    'x-deploy-loop-exit': z
      .string()
      .regex(/^\d{1,3}$/, 'not an exit code')
      .transform(Number)
      .pipe(z.int().max(255)),
    /** `timeout`, `cancelled`: the command was told to end, and the report may not be complete. */
    'x-deploy-loop-outcome': z.enum(['completed', 'timeout', 'cancelled']),
    /** `missing`, `too-large`: the body is empty, for this reason. */
    'x-deploy-loop-body': z.enum(['present', 'missing', 'too-large']),
  })
  .transform((headers) => ({
    exitCode: headers['x-deploy-loop-exit'],
    outcome: headers['x-deploy-loop-outcome'],
    body: headers['x-deploy-loop-body'],
  }));
export type JobReport = z.infer<typeof JobReportSchema>;

export interface PresentedToken {
  /** As it came: to be verified against what is stored of the work. */
  readonly text: string;
  readonly runId: RunId;
  readonly work: JobWork;
}

/** Reads `Authorization: Bearer …`. @returns undefined: no token, or not one of ours */
export function readPresentedToken(authorization: string | undefined): PresentedToken | undefined {
  const text = /^Bearer ([^ ]+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const parts = splitJobToken(text);
  const runId = RunIdSchema.safeParse(parts?.runId);
  return parts && runId.success ? { text, runId: runId.data, work: parts.work } : undefined;
}
