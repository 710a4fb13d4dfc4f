import { type ShardRecord, shardsOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Store } from '../../ports/store.ts';
import { findAll } from './find-all.ts';

/** A stored shard, with its time by the store's clock: the clocks of workers may disagree. */
export type StoredShard = ShardRecord & { readonly storedAt: Date };

/**
 * All stored shards of a run, by number. @param log receives corrupt ones, which are left out; absent: they are an
 * error
 */
export async function loadShards(store: Store, runId: RunId, log?: Logger): Promise<readonly StoredShard[]> {
  const found = await findAll(shardsOf(runId), { field: 'i' }, { store, log });
  return found.map(({ data, createTime }) => ({ ...data, storedAt: createTime }));
}
