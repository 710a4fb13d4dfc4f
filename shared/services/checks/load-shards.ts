import { type ClaimRecord, claimsOf, type ShardRecord, shardsOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store, Stored } from '../../ports/store.ts';
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

type ClaimPorts = Pick<Ports, 'store' | 'log'>;

/** All claims of a run, by their shard. */
export function loadClaims(runId: RunId, ports: ClaimPorts): Promise<readonly Stored<ClaimRecord>[]> {
  return findAll(claimsOf(runId), { field: 'i' }, ports);
}

/** Claims whose lease has ended although their shard is not in: their workers have not come back. */
export async function loadLost(
  runId: RunId,
  now: Date,
  ports: ClaimPorts,
): Promise<readonly Stored<ClaimRecord>[]> {
  const ended = await findAll(
    claimsOf(runId),
    { field: 'leaseUntil', where: [['leaseUntil', '<=', now]] },
    ports,
  );
  if (ended.length === 0) return [];
  const done = new Set((await loadShards(ports.store, runId, ports.log)).map(({ i }) => i));
  return ended.filter(({ data }) => !done.has(data.i));
}
