import type { Priority } from './priorities.ts';

/**
 * What a run makes of a check, over all its executions.
 * - `passed`: at the first try. `flaky`: failed, and passed when it was tried again.
 * - `regression`: fails on the candidate, confirmed by a retry, and passes on the stable revision.
 * - `known`: fails on the stable revision too. `uncompared`: fails, and stable could not be asked.
 * - `errored`: the check itself broke. `skipped`: its runner left it out on purpose.
 * - `suspect`: passed in less time than a real check takes, or without a request that reached the revision.
 * - `not-run`: nothing is known of it.
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
  /** True: it is reported, and never counts. */
  readonly quarantined: boolean;
  /** True: that is for its severity, and not for a quarantine. */
  readonly warns?: boolean | undefined;
  readonly settlement: Settlement;
  /** Of its first execution on the candidate; 0 if it never ran. */
  readonly durationMs: number;
  /** The slowest answer that it waited for on the candidate. */
  readonly latencyMs?: number | undefined;
  readonly detail?: string | undefined;
}

/** True: it does not do what is expected of it, wherever else it fails too. */
export function isFailing(settlement: Settlement): boolean {
  return settlement === 'regression' || settlement === 'known' || settlement === 'uncompared';
}
