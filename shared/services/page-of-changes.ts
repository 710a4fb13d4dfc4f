import { type ChangesCursor, encodeChangesCursor } from '../contracts/api.ts';
import type { ServiceKey } from '../domain/ids.ts';
import { isShift } from '../domain/traffic/is-shift.ts';
import type { Store } from '../ports/store.ts';
import { listTrafficChanges, type TrafficChangeReport } from './query-reports.ts';

export interface PageOfChanges {
  readonly changes: readonly TrafficChangeReport[];
  /** The id of the last change of percentages, whether or not it is on this page; absent: there is none. */
  readonly lastShift?: string | undefined;
  /** Of the next page; absent: this is the last one. */
  readonly nextCursor?: string | undefined;
}

/** How far back the last change of percentages is looked for: others only change tags. */
const searched = 100;

/** Requests to change a service's traffic, newest first. @param after the end of the page before */
export async function pageOfChanges(
  serviceKey: ServiceKey,
  limit: number,
  after: ChangesCursor | undefined,
  store: Store,
): Promise<PageOfChanges> {
  const [found, latest] = await Promise.all([
    listTrafficChanges(store, serviceKey, limit + 1, after),
    listTrafficChanges(store, serviceKey, searched),
  ]);
  const changes = found.slice(0, limit);
  const last = found.length > limit ? changes.at(-1) : undefined;
  return {
    changes,
    lastShift: latest.find(isShift)?.id,
    nextCursor: last && encodeChangesCursor({ at: last.at, id: last.id }, serviceKey),
  };
}
