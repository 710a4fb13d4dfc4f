import { NoQuerySchema } from '../../../shared/contracts/api.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { listServices } from '../../../shared/services/query-reports.ts';
import { type Answer, ok, readQuery } from './answer.ts';

/** `GET /api/services`: `{services}` with last good revisions and pin. */
export async function answerServices(store: Store, params: URLSearchParams): Promise<Answer> {
  const read = readQuery(NoQuerySchema, params);
  return 'fault' in read ? read.fault : ok({ services: await listServices(store) });
}
