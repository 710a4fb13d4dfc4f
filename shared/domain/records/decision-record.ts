import type { EffectId, RunId } from '../ids.ts';
import type { Stage } from '../stages.ts';
import type { Action, Reason, Verdict } from '../verdict.ts';

/** The decision on a stage. Made once, never changed. */
export interface DecisionRecord {
  readonly runId: RunId;
  readonly stage: Stage;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** The stage that follows; absent: the run ends. */
  readonly next?: Stage | undefined;
  /** True: the recorded good revision was watched for less than the config's time. */
  readonly short?: boolean | undefined;
  /** True: a human should look now. */
  readonly alert: boolean;
  readonly effects: readonly EffectId[];
  /** The number of facts that it is based on: the stage's health documents 0 … n − 1. */
  readonly facts: number;
  readonly startedAt: Date;
  readonly at: Date;
}
