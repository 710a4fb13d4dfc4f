import { documentIn } from '../../contracts/document.ts';
import { type HealthFactRecord, healthOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Stage } from '../../domain/stages.ts';
import type { Store, Stored } from '../../ports/store.ts';

/** The ticks of a stage in order. A stage has fewer than a thousand: the config's limits see to that. */
export async function loadHealthFacts(store: Store, runId: RunId, stage: Stage): Promise<HealthFactRecord[]> {
  const found = await store.find({
    collection: healthOf(runId),
    where: [['stage', '==', stage]],
    limit: 1000,
  });
  return found.map(factOf).sort((a, b) => a.n - b.n);
}

/** One tick, as everybody sees it. */
export async function loadHealthFact(
  store: Store,
  runId: RunId,
  stage: Stage,
  n: number,
): Promise<HealthFactRecord | undefined> {
  const found = await store.get(documentIn(healthOf(runId), healthIdOf(stage, n)));
  return found && factOf(found);
}

export function healthIdOf(stage: Stage, n: number): string {
  return `${stage}.${n}`;
}

/** Dated by the store's clock: the machines that probe may disagree about the time. */
function factOf({ data, createTime }: Stored<HealthFactRecord>): HealthFactRecord {
  return { ...data, at: createTime };
}
