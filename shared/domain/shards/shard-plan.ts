/** A check with its expected duration. */
export interface PlannableCheck {
  readonly id: string;
  readonly expectedMs: number;
  /** True: its duration is an estimate. */
  readonly isUnknown: boolean;
  /** Checks of one group are never separated. */
  readonly group?: string | undefined;
}

/** Checks that one worker executes in one go. */
export interface CutShard {
  readonly ids: readonly string[];
  /** The sum of its checks, without the start. */
  readonly expectedMs: number;
}

/** `queue`: workers pull shard after shard, in order. `static`: each worker has one shard. */
export type PlanMode = 'queue' | 'static';

export interface ShardPlan {
  readonly mode: PlanMode;
  readonly shards: readonly CutShard[];
}

/** An inseparable unit: one check, or a group of them. */
export interface Atom {
  readonly ids: readonly string[];
  readonly expectedMs: number;
  readonly isUnknown: boolean;
}
