import { z } from 'zod';
import { outcomes } from '../../domain/checks/check-result.ts';
import type { JobWork } from '../../domain/checks/job-token.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Collection } from '../document.ts';
import { BuildIdSchema, RevisionNameSchema } from '../id-schemas.ts';
import { ignoringUnknownKeys } from '../ignoring-unknown-keys.ts';
import { SecretNameSchema, SecretSourceSchema } from '../suites/secret-source.ts';
import { OutsideLine, OutsideText } from './outside-text.ts';
import { runs } from './run-records.ts';

const count = z.number().int().min(0);

/**
 * `runs/{runId}/jobs/{work}`: the newest start of a job for one piece of work, and the work of its execution. A newer
 * start replaces it, so that the tokens of the older one become invalid; giving out the work marks it, and so does
 * storing the results.
 */
const JobRecord = z.object({
  /** The hash of the token for its work; see domain/checks/job-token.ts. */
  hash: z.string(),
  /**
   * To whom the work was given out: the nonce of the start, and the hash of the token for its report. Absent, or of
   * another start: it was not yet, or by a version with one token for both.
   */
  given: z.object({ nonce: z.string(), hash: z.string() }).optional(),
  /** Identifies this start: its results are stored under it. */
  nonce: z.string(),
  /** Hash of the work and its target. */
  membership: z.string(),
  /** When it was started: a report about an earlier time belongs to another run. */
  startedAt: z.date(),
  /** When both tokens expire; a whole second. */
  expiresAt: z.date(),
  /** True: its results are stored. */
  used: z.boolean(),
  /** How often its shard had been claimed when it was started: an earlier claim gives way to a later one. */
  claim: count,
  mode: z.enum(['list', 'run']),
  suite: z.string(),
  ids: z.array(z.string()),
  command: z.string(),
  /** With references to secrets, never with their values. */
  env: z.record(z.string(), z.string()),
  secrets: z.record(SecretNameSchema, ignoringUnknownKeys(SecretSourceSchema)),
  timeoutMs: count,
  attempt: z.number().int().min(1),
  target: z.object({
    revision: RevisionNameSchema,
    build: z.object({ id: BuildIdSchema, commit: z.string().optional() }).optional(),
    url: z.string(),
    audience: z.string(),
    authenticate: z.enum(['auto', 'always', 'never']),
    forwardedHost: z.string().optional(),
  }),
});
export type JobRecord = z.infer<typeof JobRecord>;
export function jobsOf(runId: RunId): Collection<JobRecord> {
  return { path: `${runs.path}/${runId}/jobs`, schema: JobRecord };
}

/** `s{shard}` or `l-{suite}`, as in a token. */
export function jobIdOf(work: JobWork): string {
  return work.kind === 'shard' ? `s${work.i}` : `l-${work.suite}`;
}

/** `runs/{runId}/reports/{work}.{nonce}`: the result of one start of a job. Created once, never changed. */
const JobReportRecord = z.object({
  revision: RevisionNameSchema,
  /** Why nothing was run; absent: something was. */
  fault: OutsideLine.optional(),
  /** For mode `run`; `n` is the index in the job's ids. */
  results: z.array(
    z.object({
      n: count,
      outcome: z.enum(outcomes),
      durationMs: z.number().min(0),
      untimed: z.boolean().optional(),
      flaky: z.boolean().optional(),
      detail: OutsideText.optional(),
      signature: z.string().optional(),
    }),
  ),
  /** For mode `list`: the documents `lists/{digest}.{n}` that contain the tests. */
  list: z.object({ digest: z.string(), parts: count, problems: z.array(OutsideLine) }).optional(),
  at: z.date(),
});
export type JobReportRecord = z.infer<typeof JobReportRecord>;
export function jobReportsOf(runId: RunId): Collection<JobReportRecord> {
  return { path: `${runs.path}/${runId}/reports`, schema: JobReportRecord };
}

export function jobReportIdOf(work: JobWork, nonce: string): string {
  return `${jobIdOf(work)}.${nonce}`;
}

/**
 * `runs/{runId}/lists/{digest}.{n}`: some of the tests that a job has listed. Created before the report that names it.
 */
const JobListRecord = z.object({
  checks: z.array(z.object({ id: z.string(), file: z.string().optional() })),
});
export type JobListRecord = z.infer<typeof JobListRecord>;
export function jobListsOf(runId: RunId): Collection<JobListRecord> {
  return { path: `${runs.path}/${runId}/lists`, schema: JobListRecord };
}

export function jobListIdOf(digest: string, n: number): string {
  return `${digest}.${n}`;
}
