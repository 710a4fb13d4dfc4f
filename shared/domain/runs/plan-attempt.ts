import { type RunId, runIdOf } from '../ids.ts';
import type { Run } from '../records/run.ts';

/** A request for a run of a revision. */
export type Asker = 'guard' | 'apply' | 'sweep' | 'rerun';

export type NextAttempt =
  | { readonly kind: 'open'; readonly attempt: number }
  /** The last attempt is still in progress. */
  | { readonly kind: 'running'; readonly runId: RunId }
  | { readonly kind: 'none' };

/**
 * The attempt that a request for a run leads to: a person gets a new one at any time; `apply` only while the revision
 * is not recorded good; the sweep likewise, with growing pauses.
 * @param last the latest attempt on the revision; undefined: there was none
 * @param ageMs how long ago it was opened, by the store's clock
 */
export function planAttempt(
  asker: Asker,
  last: Run | undefined,
  { isGood, now, ageMs }: { readonly isGood: boolean; readonly now: Date; readonly ageMs: number },
): NextAttempt {
  if (last && last.state !== 'closed')
    return { kind: 'running', runId: runIdOf(last.ref, last.candidate.revision, last.attempt) };
  const byPerson = asker === 'guard' || asker === 'rerun';
  const wanted = byPerson || (!isGood && (asker === 'apply' || isDueAgain(last, now, ageMs)));
  return wanted ? { kind: 'open', attempt: (last?.attempt ?? 0) + 1 } : { kind: 'none' };
}

const firstPauseMs = 60_000;
const longestPauseMs = 60 * 60_000;

/**
 * One minute after the first attempt, then two, four …, and finally every hour, until the revision is known to be good.
 * If a person cancelled the last attempt, only a person may request another.
 */
function isDueAgain(last: Run | undefined, now: Date, ageMs: number): boolean {
  if (!last) return true;
  if (last.reasons.some(({ code }) => code === 'aborted')) return false;
  // A passed revision is about to be recorded good.
  const doublings = last.verdict === 'pass' && last.stage === 'watch' ? last.attempt : last.attempt - 1;
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(doublings, 10));
  // By the machines' clocks, unless they disagree: an attempt cannot have ended before it began, nor in the future.
  const endedMs = now.getTime() - (last.closedAt ?? last.createdAt).getTime();
  return (endedMs >= 0 && endedMs <= ageMs ? endedMs : ageMs) >= pauseMs;
}
