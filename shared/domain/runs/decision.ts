import { type Stage, stepOf } from '../stages.ts';
import type { Action, Reason, ReasonCode, Verdict } from '../verdict.ts';
import type { StageFacts } from './stage-facts.ts';

/** The outcome of a stage, and everything that follows from it. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** The next stage: at once, or when the action has been executed; absent: the run ends. */
  readonly next?: Stage | undefined;
  /** True: the recorded good revision was watched for less than the policy's time. */
  readonly short?: boolean | undefined;
  /** True: a human should look now. */
  readonly alert: boolean;
  /** Why no automatic write may follow until a human lifts the freeze. */
  readonly freeze?: string | undefined;
}

/** No action, and no alert. */
export function quiet(verdict: Verdict, code: ReasonCode, text: string): Decision {
  return { verdict, reasons: [{ code, text }], action: 'none', alert: false };
}

/** Neither a pass nor a fault: a canary's split stays for a human to look at, and so does everything else. */
export function withhold(facts: StageFacts, code: ReasonCode, text: string): Decision {
  const action = stepOf(facts.stage) > 0 ? 'hold' : 'none';
  // It has users, and is not known to be good; a person who changed the traffic knows that already.
  const alert = facts.share > 0 && code !== 'traffic-changed';
  return { ...quiet('inconclusive', code, text), action, alert };
}
