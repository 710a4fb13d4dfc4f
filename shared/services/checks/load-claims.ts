import { type ClaimRecord, claimsOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Stored } from '../../ports/store.ts';
import { findAll } from './find-all.ts';
import { loadShards } from './load-shards.ts';

type ClaimPorts = Pick<Ports, 'store' | 'log'>;

/** All claims of a run, by their shard. */
export function loadClaims(runId: RunId, ports: ClaimPorts): Promise<readonly Stored<ClaimRecord>[]> {
  return findAll(claimsOf(runId), { field: 'i' }, ports);
}

/** Claims whose lease has ended although their shard is not stored: their workers have disappeared. */
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
