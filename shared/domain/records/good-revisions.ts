import { compareRevisions, type RevisionOrder } from '../revision.ts';
import { mostServed, type ServiceState, servingSplit, shareIn } from '../service-state.ts';
import { type GoodRevision, maxLastGood, type VerifiedRevision } from './service-record.ts';

/**
 * The newest recorded good revision before `candidate`: what it is compared with, and what it may be rolled back to.
 * One that came after it is no way back.
 * @param good newest first
 */
export function olderGood<R extends GoodRevision>(
  good: readonly R[],
  candidate: RevisionOrder,
): R | undefined {
  return good.find(
    (entry) =>
      entry.movedAway !== true &&
      // Made anew under the same name, the older one is gone.
      entry.revision !== candidate.revision &&
      compareRevisions(entry, candidate) < 0,
  );
}

/** Newest first by Cloud Run's order, never by arrival; one entry for each revision. */
export function withGood(known: readonly VerifiedRevision[], good: VerifiedRevision): VerifiedRevision[] {
  const others = known.filter((entry) => entry.revision !== good.revision);
  return [good, ...others].sort((a, b) => compareRevisions(b, a)).slice(0, maxLastGood);
}

/** Users were moved back to an older good revision: what they were moved away from is no way back until it serves. */
export function markMovedAway(
  lastGood: readonly VerifiedRevision[],
  state: ServiceState,
): readonly VerifiedRevision[] {
  const most = mostServed(servingSplit(state));
  const serving = lastGood.find((good) => good.revision === most);
  if (!serving) return lastGood;
  return lastGood.map((good) => {
    const movedAway = compareRevisions(good, serving) > 0 && shareIn(state, good.revision) === 0;
    // An older one that was left stays so until it serves.
    const stays = good.movedAway === true && shareIn(state, good.revision) === 0;
    return movedAway || stays ? { ...good, movedAway: true } : { ...good, movedAway: undefined };
  });
}
