import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, runs } from '../../contracts/records.ts';
import { type RevisionName, runIdOf, type ServiceRef } from '../../domain/ids.ts';
import type { Store, Stored } from '../../ports/store.ts';

/** The latest attempt on a revision; undefined: there was none. */
export async function lastRunOf(
  store: Store,
  ref: ServiceRef,
  revision: RevisionName,
): Promise<Stored<RunRecord> | undefined> {
  // Attempts have no gaps: with doubled steps, then halves, a revision that was looked at for weeks costs a dozen reads.
  let last: Stored<RunRecord> | undefined;
  let missing = 1;
  for (;;) {
    const run = await loadAttempt(store, ref, revision, missing);
    if (!run) break;
    last = run;
    missing *= 2;
  }
  for (let found = last?.data.attempt ?? 0; missing - found > 1; ) {
    const middle = Math.floor((found + missing) / 2);
    const run = await loadAttempt(store, ref, revision, middle);
    if (run) {
      last = run;
      found = middle;
    } else missing = middle;
  }
  return last;
}

/** One attempt on a revision; undefined: there was none. */
export async function loadAttempt(
  store: Store,
  ref: ServiceRef,
  revision: RevisionName,
  attempt: number,
): Promise<Stored<RunRecord> | undefined> {
  return store.get(documentIn(runs, runIdOf(ref, revision, attempt)));
}
