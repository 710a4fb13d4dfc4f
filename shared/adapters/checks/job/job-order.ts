import type { JobRecord } from '../../../contracts/records.ts';
import { type JobWork, membershipOf } from '../../../domain/checks/job-token.ts';
import type { RunId } from '../../../domain/ids.ts';

/** The work of one start of a job. */
export interface JobOrder
  extends Omit<JobRecord, 'hash' | 'given' | 'nonce' | 'membership' | 'startedAt' | 'expiresAt' | 'used'> {
  readonly runId: RunId;
  readonly work: JobWork;
}

/** Hash of everything that determines the meaning of a result: a report for one order is worthless for another. */
export function membershipOfOrder({ mode, suite, ids, command, env, attempt, target }: JobOrder): string {
  return membershipOf([
    mode,
    suite,
    command,
    JSON.stringify(env),
    String(attempt),
    target.revision,
    target.url,
    target.audience,
    ...ids,
  ]);
}

/** The time that the container takes to start, before the agent runs. */
const startMs = 120_000;
/** The time that the agent may take to end a command and to submit its results. */
const submitMs = 60_000;

/** How long an order is worth waiting for; its token expires at the same time. */
export function lifeOfOrderMs({ timeoutMs }: JobOrder): number {
  return startMs + timeoutMs + submitMs;
}

/** The time limit of the container: the agent ends the command earlier, and submits what it has. */
export function taskTimeoutMs({ timeoutMs }: JobOrder): number {
  return timeoutMs + submitMs;
}
