import { type Stage, stepOf } from '../stages.ts';
import type { Action, Reason, ReasonCode, Verdict } from '../verdict.ts';
import type { StageFacts } from './stage-facts.ts';

/** The outcome of a stage, and all that follows from it. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** The stage that follows: at once, or when the action has been done; absent: the run ends. */
  readonly next?: Stage | undefined;
  /** True: what is recorded good was watched for less than the policy's time. */
  readonly short?: boolean | undefined;
  /** True: a human should look now. */
  readonly alert: boolean;
  /** Why no automatic write may follow until a human lifts the freeze. */
  readonly freeze?: string | undefined;
}

/** Nothing to do, and nobody to tell. */
export function quiet(verdict: Verdict, code: ReasonCode, text: string): Decision {
  return { verdict, reasons: [{ code, text }], action: 'none', alert: false };
}

/** No pass and nobody to blame: a canary's split stays for a human to look at, and everything else as it is too. */
export function withhold(facts: StageFacts, code: ReasonCode, text: string): Decision {
  const action = stepOf(facts.stage) > 0 ? 'hold' : 'none';
  // Users are on it, and nobody knows whether it is good; who changed traffic himself knows already.
  const alert = facts.share > 0 && code !== 'traffic-changed';
  return { ...quiet('inconclusive', code, text), action, alert };
}
