import type { JobRecord } from '../../../contracts/records.ts';
import { type JobWork, membershipOf } from '../../../domain/checks/job-token.ts';
import type { RunId } from '../../../domain/ids.ts';

/** What one start of a job is to do. */
export interface JobOrder
  extends Omit<JobRecord, 'hash' | 'nonce' | 'membership' | 'startedAt' | 'expiresAt' | 'used'> {
  readonly runId: RunId;
  readonly work: JobWork;
}

/** Of all that decides what a result says: a report for one order is worth nothing for another. */
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

/** The container's start, in which nothing of ours runs yet. */
const startMs = 120_000;
/** What the agent may take to end a command and to hand in its results. */
const submitMs = 60_000;

/** How long an order is worth waiting for; its token ends with it. */
export function lifeOfOrderMs({ timeoutMs }: JobOrder): number {
  return startMs + timeoutMs + submitMs;
}

/** How long its container may run: the agent ends the command before, and hands in what there is. */
export function taskTimeoutMs({ timeoutMs }: JobOrder): number {
  return timeoutMs + submitMs;
}
