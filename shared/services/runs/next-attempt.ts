import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, runs } from '../../contracts/records.ts';
import { type RevisionName, runIdOf, type ServiceRef } from '../../domain/ids.ts';
import { type Asker, type NextAttempt, planAttempt } from '../../domain/runs/plan-attempt.ts';
import type { Store } from '../../ports/store.ts';

/**
 * Which attempt a request for a run leads to. The requester finds out, and names the attempt in the message: the same
 * message delivered again, even days later, asks for nothing new.
 */
export async function nextAttempt(
  store: Store,
  ref: ServiceRef,
  revision: RevisionName,
  asker: Asker,
): Promise<NextAttempt> {
  return planAttempt(asker, await lastRunOf(store, ref, revision));
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
