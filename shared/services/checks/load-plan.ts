import { documentIn, pathOf } from '../../contracts/document.ts';
import {
  type PlanHeadRecord,
  type PlannedShardRecord,
  planChunksOf,
  planHeadId,
  planHeadOf,
} from '../../contracts/records.ts';
import { CorruptRecordError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';

/** The head of a run's plan; undefined: it is not planned yet. */
export async function loadPlanHead(store: Store, runId: RunId): Promise<PlanHeadRecord | undefined> {
  return (await store.get(documentIn(planHeadOf(runId), planHeadId)))?.data;
}

/** All shards of a plan, in order. They never change. @throws {CorruptRecordError} some of it cannot be read */
export async function loadPlan(
  store: Store,
  runId: RunId,
  { digest, chunks }: PlanHeadRecord,
): Promise<readonly PlannedShardRecord[]> {
  const read = await Promise.all(
    Array.from({ length: chunks }, async (_, n) => {
      const ref = documentIn(planChunksOf(runId), planChunkId(digest, n));
      const chunk = await store.get(ref);
      if (!chunk) throw new CorruptRecordError(pathOf(ref), 'its plan lists it, but it is missing');
      return chunk.data.shards;
    }),
  );
  return read.flat();
}

export function planChunkId(digest: string, n: number): string {
  return `${digest}.${n}`;
}
