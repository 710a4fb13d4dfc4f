import type { Priority } from './priorities.ts';

/** Checks of one suite that one worker runs in a row. */
export interface PlannedShard {
  readonly suite: string;
  readonly expectedMs: number;
  /** How many of its checks have no known duration: their expected durations are estimates. */
  readonly unknown?: number | undefined;
  readonly checks: readonly PlannedCheck[];
}

export interface PlannedCheck {
  readonly id: string;
  /** True: it never counts. */
  readonly quarantined?: boolean | undefined;
  /** True: that is for its severity, and not for a quarantine. */
  readonly warns?: boolean | undefined;
}

/** A suite, as far as the rules need to know it. */
export interface RunSuite {
  readonly name: string;
  readonly kind: 'http' | 'websocket' | 'command';
  readonly priority: Priority;
}
