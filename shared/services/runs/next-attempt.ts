import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, runs } from '../../contracts/records.ts';
import { type RevisionName, type RunId, runIdOf, type ServiceRef } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/verdict.ts';
import type { Store } from '../../ports/store.ts';

/** Who asks for a run of a revision. */
export type Asker = 'guard' | 'apply' | 'sweep' | 'rerun';

export type NextAttempt =
  | { readonly kind: 'open'; readonly attempt: number }
  /** The last attempt is still under way. */
  | { readonly kind: 'running'; readonly runId: RunId }
  | { readonly kind: 'none' };

/**
 * Which attempt a wish for a run amounts to. Whoever wishes finds out, and names the attempt in the message: the same
 * message delivered again, even days later, asks for nothing new.
 */
export async function nextAttempt(
  store: Store,
  ref: ServiceRef,
  revision: RevisionName,
  asker: Asker,
): Promise<NextAttempt> {
  const last = await lastRunOf(store, ref, revision);
  if (!last) return { kind: 'open', attempt: 1 };
  if (last.state !== 'closed') return { kind: 'running', runId: runIdOf(ref, revision, last.attempt) };
  return wantsAnother(asker, last) ? { kind: 'open', attempt: last.attempt + 1 } : { kind: 'none' };
}

/** A build asks once: for the first attempt, or the first that does more than observe. */
export async function attemptOfBuild(store: Store, ref: ServiceRef, revision: RevisionName): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const run = (await store.get(documentIn(runs, runIdOf(ref, revision, attempt))))?.data;
    if (run?.authority !== 'observe') return attempt;
  }
}

/** The latest attempt on a revision; undefined: there was none. */
export async function lastRunOf(
  store: Store,
  ref: ServiceRef,
  revision: RevisionName,
): Promise<RunRecord | undefined> {
  let last: RunRecord | undefined;
  for (let attempt = 1; ; attempt++) {
    const run = (await store.get(documentIn(runs, runIdOf(ref, revision, attempt))))?.data;
    if (run?.state !== 'closed') return run ?? last;
    last = run;
  }
}

/** A person wants one at any time, `apply` where the last did not pass, the sweep where nobody has judged it yet. */
function wantsAnother(asker: Asker, last: RunRecord): boolean {
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

function isUnseen({ reasons }: RunRecord): boolean {
  return reasons.some((reason) => unseenCodes.includes(reason.code));
}

/** A promotion that was not made, or of which nobody knows whether it was, left the revision unwatched. */
function isUnfinished({ verdict, outcome }: RunRecord): boolean {
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
export function isJudged({ verdict, reasons, outcome }: RunRecord): boolean {
  if (verdict === 'superseded' || outcome?.code === 'frozen') return false;
  return !reasons.some((reason) => openQuestions.includes(reason.code));
}
