import { compareRevisions, type RevisionOrder } from '../revision.ts';
import { mostServed, type ServiceState, servingSplit, shareIn } from '../service-state.ts';
import { type GoodRevision, maxLastGood, type VerifiedRevision } from './service-record.ts';

/**
 * The newest recorded good revision that is older than `candidate`: the one to compare with and to roll back to. A
 * newer one is never a rollback target.
 * @param good newest first
 */
export function olderGood<R extends GoodRevision>(
  good: readonly R[],
  candidate: RevisionOrder,
): R | undefined {
  return good.find(
    (entry) =>
      entry.movedAway !== true &&
      // If it was made anew under the same name, the older one is gone.
      entry.revision !== candidate.revision &&
      compareRevisions(entry, candidate) < 0,
  );
}

/** Newest first by Cloud Run's order, never by arrival; one entry for each revision. */
export function withGood(known: readonly VerifiedRevision[], good: VerifiedRevision): VerifiedRevision[] {
  const others = known.filter((entry) => entry.revision !== good.revision);
  return [good, ...others].sort((a, b) => compareRevisions(b, a)).slice(0, maxLastGood);
}

/**
 * After users were moved back to an older good revision: the newer ones are no rollback targets until they serve again.
 */
export function markMovedAway(
  lastGood: readonly VerifiedRevision[],
  state: ServiceState,
): readonly VerifiedRevision[] {
  const most = mostServed(servingSplit(state));
  const serving = lastGood.find((good) => good.revision === most);
  if (!serving) return lastGood;
  return lastGood.map((good) => {
    const movedAway = compareRevisions(good, serving) > 0 && shareIn(state, good.revision) === 0;
    // One that was moved away from earlier stays so until it serves.
    const stays = good.movedAway === true && shareIn(state, good.revision) === 0;
    return movedAway || stays ? { ...good, movedAway: true } : { ...good, movedAway: undefined };
  });
}
