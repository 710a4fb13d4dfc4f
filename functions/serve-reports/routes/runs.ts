import { decodeCursor, NoQuerySchema, RunsQuerySchema } from '../../../shared/contracts/api.ts';
import { RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { runDocument, runsDocument } from '../../../shared/output/run-output.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { pageOfRuns } from '../../../shared/services/page-of-runs.ts';
import { findService, reportRun } from '../../../shared/services/query-reports.ts';
import { loadStanding } from '../../../shared/services/records/load-standing.ts';
import { type Answer, badRequest, notFound, ok, readQuery } from './answer.ts';

/** `GET /api/runs?service=&verdict=&limit=&cursor=`: what `deploy-loop runs --json` prints, newest first. */
export async function answerRuns(store: Store, params: URLSearchParams): Promise<Answer> {
  const read = readQuery(RunsQuerySchema, params);
  if ('fault' in read) return read.fault;
  const { service, cursor } = read.query;
  const after = cursor === undefined ? undefined : decodeCursor(cursor, read.query);
  if (cursor !== undefined && !after) return badRequest('cursor', 'not a cursor of this query');
  const known = service === undefined ? undefined : await findService(store, service);
  if (service !== undefined && !known) return notFound(`no service ${service}`);
  return ok(runsDocument(await pageOfRuns(read.query, known && serviceKeyOf(known.ref), after, store)));
}

/** `GET /api/runs/{id}`: what `deploy-loop show RUN --json` prints. */
export async function answerRun(store: Store, id: string, params: URLSearchParams): Promise<Answer> {
  const read = readQuery(NoQuerySchema, params);
  if ('fault' in read) return read.fault;
  const runId = RunIdSchema.safeParse(id);
  if (!runId.success) return badRequest('id', 'a run id is 20 hex digits');
  const report = await reportRun(store, runId.data);
  if (!report) return notFound(`no run ${runId.data}`);
  return ok(runDocument(report, await loadStanding(runId.data, report.run, store)));
}
