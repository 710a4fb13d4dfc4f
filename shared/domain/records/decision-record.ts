import type { EffectId, RunId } from '../ids.ts';
import type { Stage } from '../stages.ts';
import type { Action, Reason, Verdict } from '../verdict.ts';

/** The answer of a stage. Made once, never changed. */
export interface DecisionRecord {
  readonly runId: RunId;
  readonly stage: Stage;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** The stage that follows; absent: the run ends. */
  readonly next?: Stage | undefined;
  /** True: what is recorded good was watched for less than the config's time. */
  readonly short?: boolean | undefined;
  /** True: a human should look now. */
  readonly alert: boolean;
  readonly effects: readonly EffectId[];
  /** How many facts it was decided on; they are the stage's health documents 0 … n − 1. */
  readonly facts: number;
  readonly startedAt: Date;
  readonly at: Date;
}
