import { z } from 'zod';
import { type JobTokenParts, splitJobToken } from '../../domain/checks/job-token.ts';
import type { RunId } from '../../domain/ids.ts';
import { RunIdSchema } from '../id-schemas.ts';

/** Larger than any report of a shard, and smaller than the 32 MiB that Cloud Run accepts in a request. */
export const maxReportBytes = 20 * 1024 * 1024;

const Line = z.string().regex(/^[^\n\r\0]*$/, 'must be one line');
const NonEmptyLine = Line.min(1);

/** The work of a job's agent: the response to `GET {collect}/shard`. */
export const JobAssignmentSchema = z.strictObject({
  /** `list`: the command's output is submitted; `run`: the report that it writes. */
  mode: z.enum(['list', 'run']),
  /** The text of a POSIX shell script. */
  command: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/),
  /** Variables in the command's environment. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a valid variable name'), Line),
  /** The file that the command writes its report to; absent: the one that DEPLOY_LOOP_RESULTS_FILE names. */
  results: NonEmptyLine.optional(),
  /** The token that submits the results, and nothing else. */
  token: NonEmptyLine,
  /** The ids of the tests to run; the command reads them from the file DEPLOY_LOOP_TESTS_FILE. */
  tests: z.array(NonEmptyLine),
  /** After this time the command is terminated, and what it has written is submitted. */
  timeoutS: z.int().min(1),
});
export type JobAssignment = z.infer<typeof JobAssignmentSchema>;

/**
 * An assignment as text that a shell can parse: lines of `key value`, an empty line, the ids.
 * @throws {z.ZodError} a value is not a single line
 */
export function renderJobAssignment(assignment: JobAssignment): string {
  const { mode, command, env, results, token, tests, timeoutS } = JobAssignmentSchema.parse(assignment);
  const head = [
    'deploy-loop-shard 1',
    `mode ${mode}`,
    `timeout ${timeoutS}`,
    `limit ${maxReportBytes}`,
    `tests ${tests.length}`,
    `token ${token}`,
    ...(results === undefined ? [] : [`results ${results}`]),
    ...Object.entries(env).map(([name, value]) => `env ${name}=${value}`),
    ...command.split('\n').map((line) => `command ${line}`),
  ];
  return `${[...head, '', ...tests].join('\n')}\n`;
}

/** The description of a submitted body: the headers of `POST {collect}/results`. */
export const JobReportSchema = z
  .object({
    /** The exit code of the command; above 128: a signal terminated it. */
    'x-deploy-loop-exit': z
      .string()
      .regex(/^\d{1,3}$/, 'not an exit code')
      .transform(Number)
      .pipe(z.int().max(255)),
    /** `timeout`, `cancelled`: the command was terminated, and the report may be incomplete. */
    'x-deploy-loop-outcome': z.enum(['completed', 'timeout', 'cancelled']),
    /** `missing`, `too-large`: the body is empty for this reason. */
    'x-deploy-loop-body': z.enum(['present', 'missing', 'too-large']),
  })
  .transform((headers) => ({
    exitCode: headers['x-deploy-loop-exit'],
    outcome: headers['x-deploy-loop-outcome'],
    body: headers['x-deploy-loop-body'],
  }));
export type JobReport = z.infer<typeof JobReportSchema>;

export interface PresentedToken extends Pick<JobTokenParts, 'work'> {
  /** As received: to be verified against the stored start of the work. */
  readonly text: string;
  readonly runId: RunId;
}

/** Reads `Authorization: Bearer …`. @returns undefined: no token, or none of ours */
export function readPresentedToken(authorization: string | undefined): PresentedToken | undefined {
  const text = /^Bearer ([^ ]+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const parts = splitJobToken(text);
  const runId = RunIdSchema.safeParse(parts?.runId);
  return parts && runId.success ? { text, runId: runId.data, work: parts.work } : undefined;
}
