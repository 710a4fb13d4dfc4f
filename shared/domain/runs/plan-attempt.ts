import { type RunId, runIdOf } from '../ids.ts';
import type { Run } from '../records/run.ts';

/** Who asks for a run of a revision. */
export type Asker = 'guard' | 'apply' | 'sweep' | 'rerun';

export type NextAttempt =
  | { readonly kind: 'open'; readonly attempt: number }
  /** The last attempt is still under way. */
  | { readonly kind: 'running'; readonly runId: RunId }
  | { readonly kind: 'none' };

/**
 * Which attempt a request for a run leads to: a person wants one at any time, `apply` where the revision is not recorded
 * good, the sweep then too, with growing pauses.
 * @param last the latest attempt on the revision; undefined: there was none
 */
export function planAttempt(
  asker: Asker,
  last: Run | undefined,
  { isGood, now }: { readonly isGood: boolean; readonly now: Date },
): NextAttempt {
  if (last && last.state !== 'closed')
    return { kind: 'running', runId: runIdOf(last.ref, last.candidate.revision, last.attempt) };
  const byPerson = asker === 'guard' || asker === 'rerun';
  const wanted = byPerson || (!isGood && (asker === 'apply' || isDueAgain(last, now)));
  return wanted ? { kind: 'open', attempt: (last?.attempt ?? 0) + 1 } : { kind: 'none' };
}

const firstPauseMs = 60_000;
const longestPauseMs = 60 * 60_000;

/**
 * One minute after the first attempt, then two, four …, and each hour in the end: until it is known to be good. Where a
 * person cancelled the last, only a person asks for another.
 */
function isDueAgain(last: Run | undefined, now: Date): boolean {
  if (!last) return true;
  if (last.reasons.some(({ code }) => code === 'aborted')) return false;
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(last.attempt - 1, 10));
  return now.getTime() - (last.closedAt ?? last.createdAt).getTime() >= pauseMs;
}
