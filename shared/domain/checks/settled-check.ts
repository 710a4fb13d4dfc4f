import type { Priority } from './priorities.ts';

/**
 * The result of a check in a run, over all its executions.
 * - `passed`: at the first attempt. `flaky`: failed, then passed on a retry.
 * - `regression`: fails on the candidate, confirmed by a retry, and passes on the stable revision.
 * - `known`: fails on the stable revision too. `uncompared`: fails, and could not be run on stable.
 * - `errored`: the check itself broke. `skipped`: its runner skipped it on purpose.
 * - `suspect`: passed in less time than a real check takes, or without a request that reached the revision.
 * - `not-run`: it has no result.
 */
export const settlements = [
  'passed',
  'flaky',
  'regression',
  'known',
  'uncompared',
  'errored',
  'skipped',
  'suspect',
  'not-run',
] as const;
export type Settlement = (typeof settlements)[number];

/** One check of a run, settled. */
export interface SettledCheck {
  readonly suite: string;
  readonly id: string;
  readonly priority: Priority;
  /** True: it is reported, but never counts. */
  readonly quarantined: boolean;
  /** True: that is for its severity, and not for a quarantine. */
  readonly warns?: boolean | undefined;
  readonly settlement: Settlement;
  /** Of its first execution on the candidate; 0 if it never ran. */
  readonly durationMs: number;
  /** True: how long it took is not known. */
  readonly untimed?: boolean | undefined;
  /** The slowest answer that it waited for on the candidate, the last time it was asked: the first use may be slow. */
  readonly latencyMs?: number | undefined;
  readonly detail?: string | undefined;
}

/** True: it fails on the candidate, whether or not it also fails elsewhere. */
export function isFailing(settlement: Settlement): boolean {
  return settlement === 'regression' || settlement === 'known' || settlement === 'uncompared';
}
