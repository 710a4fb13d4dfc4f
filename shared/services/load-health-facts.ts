import { type HealthFactRecord, healthOf } from '../contracts/records.ts';
import type { RunId } from '../domain/ids.ts';
import type { Stage } from '../domain/stages.ts';
import type { Store } from '../ports/store.ts';

/** The ticks of a stage in order. */
export async function loadHealthFacts(store: Store, runId: RunId, stage: Stage): Promise<HealthFactRecord[]> {
  const found = await store.find({
    collection: healthOf(runId),
    where: [['stage', '==', stage]],
    limit: 1000,
  });
  return found.map((doc) => doc.data).sort((a, b) => a.n - b.n);
}
