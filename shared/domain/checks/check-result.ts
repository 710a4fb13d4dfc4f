/**
 * How one execution of a check ends. `failed`: the service did not do what is expected of it. `errored`: the check
 * itself broke, which never counts against the service.
 */
export const outcomes = ['passed', 'failed', 'errored', 'skipped'] as const;
export type Outcome = (typeof outcomes)[number];

/** One execution of a check against one revision, as its runner saw it. Nothing in it holds a secret. */
export interface CheckResult {
  /** Within its suite. */
  readonly id: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** True: its runner does not know how long it took, and `durationMs` says nothing. */
  readonly untimed?: boolean | undefined;
  /** The slowest answer it waited for; absent: it does not know. */
  readonly latencyMs?: number | undefined;
  /** How many requests it sent; absent: it does not know. */
  readonly requests?: number | undefined;
  /** True: it passed only after its runner had tried it again by itself. */
  readonly flaky?: boolean | undefined;
  /** What went wrong, in words; at most 2,000 characters. */
  readonly detail?: string | undefined;
  /**
   * What failures have in common that come from a deployment that is down: `refused`, `timeout`, `http-503`,
   * `ws-1006`. Absent: it is nothing of that kind.
   */
  readonly signature?: string | undefined;
}

export const maxDetailLength = 2_000;
