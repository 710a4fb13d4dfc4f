import type { RunRecord, ServiceRecord } from '../../contracts/records.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import { compareRevisions } from '../../domain/revision.ts';
import { sameSplit, specSplit, type TrafficSplit } from '../../domain/service-state.ts';
import type { Store } from '../../ports/store.ts';
import { listTrafficChanges } from '../query-reports.ts';

/** Why the result of a run is not in force any more. */
export interface ChangeSince {
  readonly changedTo: TrafficSplit | undefined;
  /** A newer revision that was deployed since. */
  readonly overtakenBy: RevisionName | undefined;
}

/** What the records know of the service's traffic after a run; undefined: nothing has changed it, or the run is open. */
export async function findChangeSince(
  runId: RunId,
  { state, serviceKey, createdAt, candidate }: RunRecord,
  service: ServiceRecord | undefined,
  store: Store,
): Promise<ChangeSince | undefined> {
  if (state !== 'closed') return undefined;
  const last = (await listTrafficChanges(store, serviceKey, 100)).find(
    ({ outcome, before, after }) =>
      outcome === 'accepted' && !sameSplit(specSplit(before, undefined), specSplit(after, undefined)),
  );
  const current = service?.currentRun;
  const changedTo = last && last.runId !== runId && last.at > createdAt ? last.after : undefined;
  const overtakenBy = current && compareRevisions(current, candidate) > 0 ? current.revision : undefined;
  if (!changedTo && overtakenBy === undefined) return undefined;
  return { changedTo: changedTo && specSplit(changedTo, undefined), overtakenBy };
}
