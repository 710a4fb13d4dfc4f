import type { EffectState } from '../records/effect.ts';
import type { Run, RunChange } from '../records/run.ts';
import type { Reason, ReasonCode } from '../verdict.ts';

/** How an effect has ended. */
export interface EffectOutcome {
  readonly state: Exclude<EffectState, 'open'>;
  readonly outcome: Reason;
}

/**
 * What was not promoted has passed no more than its health check, which is enough for a preview. What answers well again
 * before its rollback has not failed, and nobody knows yet whether it is good.
 */
export function closeUnfinished(run: Run, end: EffectOutcome): RunChange {
  const { code } = end.outcome;
  const open = supersededBy.includes(code) ? 'superseded' : 'inconclusive';
  const verdict =
    code === 'recovered' ? 'inconclusive' : (run.verdict ?? (code === 'preview' ? 'pass' : open));
  // Whoever cancels a run that had failed does not want it repeated either.
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

/** The guard gave the candidate a share, or wanted it rolled back, and cannot go on; a human who acted knows. */
export function needsHuman({ baseline, verdict, alert }: Run, { state, outcome }: EffectOutcome): boolean {
  const unfinished = baseline !== undefined || verdict === 'fail';
  const expected = [...supersededBy, 'traffic-changed'].includes(outcome.code);
  return alert === true || state === 'stopped' || (unfinished && !expected);
}

const supersededBy: readonly ReasonCode[] = ['superseded', 'newer-revision'];
