import { type RunId, runIdOf } from '../ids.ts';
import type { Run } from '../records/run.ts';
import type { ReasonCode } from '../verdict.ts';

/** Who asks for a run of a revision. */
export type Asker = 'guard' | 'apply' | 'sweep' | 'rerun';

export type NextAttempt =
  | { readonly kind: 'open'; readonly attempt: number }
  /** The last attempt is still under way. */
  | { readonly kind: 'running'; readonly runId: RunId }
  | { readonly kind: 'none' };

/** Which attempt a request for a run leads to. @param last the latest attempt on the revision; undefined: there was none */
export function planAttempt(asker: Asker, last: Run | undefined): NextAttempt {
  if (!last) return { kind: 'open', attempt: 1 };
  const { ref, candidate, attempt } = last;
  if (last.state !== 'closed') return { kind: 'running', runId: runIdOf(ref, candidate.revision, attempt) };
  return wantsAnother(asker, last) ? { kind: 'open', attempt: attempt + 1 } : { kind: 'none' };
}

/** A person wants one at any time, `apply` where the last did not pass, the sweep where nobody has judged it yet. */
function wantsAnother(asker: Asker, last: Run): boolean {
  switch (asker) {
    case 'guard':
    case 'rerun':
      return true;
    case 'apply':
      return last.verdict !== 'pass' || !isJudged(last);
    case 'sweep':
      return !isJudged(last) || ((isUnseen(last) || isUnfinished(last)) && last.attempt < maxUnseenAttempts);
  }
}

/** A run that saw nothing is tried again, but not for ever: a human is told each time. */
const maxUnseenAttempts = 3;

/** Codes of decisions made without an answer of the revision, where another look may get one. */
const unseenCodes: readonly ReasonCode[] = [
  'deadline',
  'unreachable',
  'overload',
  'name-resolution',
  'platform-not-found',
];

function isUnseen({ reasons }: Run): boolean {
  return reasons.some((reason) => unseenCodes.includes(reason.code));
}

/** A promotion that was not made, or of which nobody knows whether it was, left the revision unwatched. */
function isUnfinished({ verdict, outcome }: Run): boolean {
  return verdict === 'inconclusive' && outcome !== undefined && openPromotions.includes(outcome.code);
}

/** Codes of decisions that leave open whether the revision serves users well. */
const openQuestions: readonly ReasonCode[] = [
  'healthy-without-traffic',
  'watch-too-short',
  'frozen',
  'traffic-changed',
];

/** Codes of promotions that were not made, or of which nobody knows whether they were. */
const openPromotions: readonly ReasonCode[] = [
  'share-changed',
  'not-pinned',
  'follows-latest',
  'human-pin',
  'unknown-outcome',
  'refused',
];

/** Whether a run has judged its revision as users meet it. */
function isJudged({ verdict, reasons, outcome }: Run): boolean {
  if (verdict === 'superseded' || outcome?.code === 'frozen') return false;
  return !reasons.some((reason) => openQuestions.includes(reason.code));
}
