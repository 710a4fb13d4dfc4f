import { NoQuerySchema } from '../../../shared/contracts/api.ts';
import { servicesDocument } from '../../../shared/output/service-output.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { loadOverview } from '../../../shared/services/load-overview.ts';
import { type Answer, ok, readQuery } from './answer.ts';

/** `GET /api/services`: what `deploy-loop services --json` prints. */
export async function answerServices(store: Store, params: URLSearchParams): Promise<Answer> {
  const read = readQuery(NoQuerySchema, params);
  return 'fault' in read ? read.fault : ok(servicesDocument(await loadOverview(store)));
}
