import type { EffectState } from '../records/effect.ts';
import type { Run, RunChange } from '../records/run.ts';
import type { Reason, ReasonCode } from '../verdict.ts';

/** How an effect has ended. */
export interface EffectOutcome {
  readonly state: Exclude<EffectState, 'open'>;
  readonly outcome: Reason;
}

/**
 * Closes the run of an effect that was not executed. Without its promotion a revision has passed only its health check,
 * which is enough for a preview. A revision that recovers before its rollback has not failed, but is not known to be good
 * either.
 */
export function closeUnfinished(run: Run, end: EffectOutcome): RunChange {
  const { code } = end.outcome;
  const open = supersededBy.includes(code) ? 'superseded' : 'inconclusive';
  const verdict =
    code === 'recovered' ? 'inconclusive' : (run.verdict ?? (code === 'preview' ? 'pass' : open));
  // A person who cancels a failed run does not want it repeated.
  const isAborted = code === 'aborted' && run.reasons.every((reason) => reason.code !== code);
  return {
    state: 'closed',
    verdict,
    reasons: verdict === run.verdict && !isAborted ? run.reasons : [end.outcome, ...run.reasons],
    alert: needsHuman(run, end),
    dueAt: undefined,
    stageDeadlineAt: undefined,
  };
}

/**
 * The guard gave the candidate a share, or decided to roll it back, and cannot continue. Someone who intervened knows
 * that already.
 */
export function needsHuman({ baseline, verdict, alert }: Run, { state, outcome }: EffectOutcome): boolean {
  const unfinished = baseline !== undefined || verdict === 'fail';
  const expected = [...supersededBy, 'traffic-changed'].includes(outcome.code);
  return alert === true || state === 'stopped' || (unfinished && !expected);
}

const supersededBy: readonly ReasonCode[] = ['superseded', 'newer-revision'];
