import { documentIn } from '../../contracts/document.ts';
import { services } from '../../contracts/records.ts';
import { type RevisionName, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import { compareRevisions, orderOf, type Revision } from '../../domain/revision.ts';
import { type Asker, type NextAttempt, planAttempt } from '../../domain/runs/plan-attempt.ts';
import { isRecordedGood } from '../../domain/runs/review-standing.ts';
import type { Ports } from '../../ports/ports.ts';
import { ageMsOf, type Store } from '../../ports/store.ts';
import { lastRunOf, loadAttempt } from '../records/last-run.ts';

/**
 * The attempt that a request for a run leads to. The requester computes it and names it in the message, so the same
 * message delivered again, even days later, requests nothing new.
 */
export async function nextAttempt(
  ref: ServiceRef,
  revision: RevisionName,
  asker: Asker,
  { store, clock, run }: Pick<Ports, 'store' | 'clock' | 'run'>,
): Promise<NextAttempt> {
  const [last, known] = await Promise.all([
    lastRunOf(store, ref, revision),
    store.get(documentIn(services, serviceKeyOf(ref))),
  ]);
  const found = known && (await run.getRevision(ref, revision));
  const isGood = found !== undefined && isRecordedGood(found, known?.data);
  return planAttempt(asker, last?.data, { isGood, now: clock.now(), ageMs: last ? ageMsOf(last) : 0 });
}

/** A build requests only one attempt: the first on this very revision that may do more than observe. */
export async function attemptOfBuild(store: Store, ref: ServiceRef, revision: Revision): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const run = (await loadAttempt(store, ref, revision.name, attempt))?.data;
    // A revision may have been deleted, and made anew under the same name.
    const isSame = run && compareRevisions(run.candidate, orderOf(revision)) === 0;
    if (!run || (isSame && run.authority !== 'observe')) return attempt;
  }
}
