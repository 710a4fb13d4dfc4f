import { decodeCursor, encodeCursor, NoQuerySchema, RunsQuerySchema } from '../../../shared/contracts/api.ts';
import { RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { findService, listRuns, reportRun } from '../../../shared/services/query-reports.ts';
import { type Answer, badRequest, notFound, ok, readQuery } from './answer.ts';

/** `GET /api/runs?service=&verdict=&limit=&cursor=`: `{runs, nextCursor?}`, newest first. */
export async function answerRuns(store: Store, params: URLSearchParams): Promise<Answer> {
  const read = readQuery(RunsQuerySchema, params);
  if ('fault' in read) return read.fault;
  const { service, verdict, limit, cursor } = read.query;
  const after = cursor === undefined ? undefined : decodeCursor(cursor, read.query);
  if (cursor !== undefined && !after) return badRequest('cursor', 'not a cursor of this query');
  const known = service === undefined ? undefined : await findService(store, service);
  if (service !== undefined && !known) return notFound(`no service ${service}`);

  const runs = await listRuns(store, {
    serviceKey: known && serviceKeyOf(known.ref),
    verdict,
    limit: limit + 1,
    after,
  });
  const page = runs.slice(0, limit);
  const last = page.at(-1);
  const nextCursor =
    runs.length > limit && last
      ? encodeCursor({ createdAt: last.createdAt, runId: last.id }, read.query)
      : undefined;
  return ok({ runs: page, nextCursor });
}

/** `GET /api/runs/{id}`: `{run, decisions, health, effects, trafficChanges}`. */
export async function answerRun(store: Store, id: string, params: URLSearchParams): Promise<Answer> {
  const read = readQuery(NoQuerySchema, params);
  if ('fault' in read) return read.fault;
  const runId = RunIdSchema.safeParse(id);
  if (!runId.success) return badRequest('id', 'a run id is 20 hex digits');
  const report = await reportRun(store, runId.data);
  return report ? ok(report) : notFound(`no run ${runId.data}`);
}
