import { documentIn } from '../../contracts/document.ts';
import { type HealthFactRecord, healthOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Stage } from '../../domain/stages.ts';
import type { Store, Stored } from '../../ports/store.ts';

const pageSize = 1000;

/** The ticks of a stage in order. The config's limits keep them on one page; further ones are read one by one. */
export async function loadHealthFacts(store: Store, runId: RunId, stage: Stage): Promise<HealthFactRecord[]> {
  const found = await store.find({
    collection: healthOf(runId),
    where: [['stage', '==', stage]],
    limit: pageSize,
  });
  const facts = found.map(factOf);
  if (found.length === pageSize) facts.push(...(await loadBeyond(store, runId, stage, facts)));
  return facts.sort((a, b) => a.n - b.n);
}

/** A page has no order: missing ticks lie somewhere between the first and the last, without gaps. */
async function loadBeyond(
  store: Store,
  runId: RunId,
  stage: Stage,
  page: readonly HealthFactRecord[],
): Promise<HealthFactRecord[]> {
  const known = new Set(page.map(({ n }) => n));
  const beyond: HealthFactRecord[] = [];
  for (let n = 0; ; n++) {
    if (known.has(n)) continue;
    const fact = await loadHealthFact(store, runId, stage, n);
    if (!fact) return beyond;
    beyond.push(fact);
  }
}

/** One stored tick. */
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

/** Dated by the store's clock: the clocks of probing machines may disagree. */
function factOf({ data, createTime }: Stored<HealthFactRecord>): HealthFactRecord {
  return { ...data, at: createTime };
}
