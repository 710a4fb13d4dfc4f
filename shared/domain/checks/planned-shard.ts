import type { Priority } from './priorities.ts';

/** Checks of one suite that one worker runs in a row. */
export interface PlannedShard {
  readonly suite: string;
  readonly expectedMs: number;
  /** Of so many of its checks no duration is known: what is expected of them is a guess. */
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

/** What the rules need to know of a suite. */
export interface RunSuite {
  readonly name: string;
  readonly kind: 'http' | 'websocket' | 'command';
  readonly priority: Priority;
}
