/**
 * How one execution of a check ended. `failed`: the service did not behave as expected. `errored`: the check itself
 * broke, which never counts against the service.
 */
export const outcomes = ['passed', 'failed', 'errored', 'skipped'] as const;
export type Outcome = (typeof outcomes)[number];

/** One execution of a check against one revision, as its runner saw it. Contains no secret. */
export interface CheckResult {
  /** Within its suite. */
  readonly id: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** The longest response time that it measured; absent: unknown. */
  readonly latencyMs?: number | undefined;
  /** The number of requests that it sent; absent: unknown. */
  readonly requests?: number | undefined;
  /** True: it passed only after its runner had retried it by itself. */
  readonly flaky?: boolean | undefined;
  /** What went wrong, in words; at most 2,000 characters. */
  readonly detail?: string | undefined;
  /**
   * The failure that all checks share when a deployment is down: `refused`, `timeout`, `http-503`, `ws-1006`. Absent:
   * the failure is of another kind.
   */
  readonly signature?: string | undefined;
}

export const maxDetailLength = 2_000;
