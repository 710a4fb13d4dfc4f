import { encodeCursor, type RunsCursor, type RunsQuery } from '../contracts/api.ts';
import type { RunRecord } from '../contracts/records.ts';
import type { RunId, ServiceKey } from '../domain/ids.ts';
import type { Store } from '../ports/store.ts';
import { type Listed, listRuns } from './query-reports.ts';

export interface PageOfRuns {
  readonly runs: readonly Listed<RunRecord, RunId>[];
  /** Of the next page; absent: this is the last one. */
  readonly nextCursor?: string | undefined;
}

/** Runs, newest first. @param after the end of the page before */
export async function pageOfRuns(
  query: Omit<RunsQuery, 'cursor'>,
  serviceKey: ServiceKey | undefined,
  after: RunsCursor | undefined,
  store: Store,
): Promise<PageOfRuns> {
  const { verdict, limit } = query;
  const found = await listRuns(store, { serviceKey, verdict, limit: limit + 1, after });
  const runs = found.slice(0, limit);
  const last = found.length > limit ? runs.at(-1) : undefined;
  return { runs, nextCursor: last && encodeCursor({ createdAt: last.createdAt, runId: last.id }, query) };
}
