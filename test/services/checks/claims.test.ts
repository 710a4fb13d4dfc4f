import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store.ts';
import { type Collection, documentIn } from '../../../shared/contracts/document.ts';
import { claimsOf, type RunRecord, shardsOf } from '../../../shared/contracts/records.ts';
import type { RunId } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { Claims } from '../../../shared/services/checks/claim-shard.ts';
import { loadClaims } from '../../../shared/services/checks/load-shards.ts';
import { RunSession } from '../../../shared/services/checks/run-session.ts';
import { aRef } from '../../builders.ts';
import { World } from '../../world/world.ts';

const runId = 'a'.repeat(20) as RunId;
const shards = 1_200;

/** A run with a claim on each shard, all of which have ended; every shard is in but those left out. */
async function anEndedRun(world: World, ...leftOut: readonly number[]): Promise<void> {
  for (let i = 0; i < shards; i++) {
    const leaseUntil = new Date(world.clock.now().getTime() - shards + i);
    const claim = { i, slot: i % 128, nonce: `n${i}`, attempt: 1, leaseUntil };
    await world.store.commit([create(documentIn(claimsOf(runId), String(i)), claim)]);
    if (leftOut.includes(i)) continue;
    const at = world.clock.now();
    const shard = { i, slot: 0, w: 0, checks: [], startedAt: at, endedAt: at };
    await world.store.commit([create(documentIn(shardsOf(runId), String(i)), shard)]);
  }
}

function claimsIn(world: World): Claims {
  const run = { ref: aRef } as unknown as RunRecord;
  return new Claims(runId, 3, shards, new RunSession(runId, run, world.ports), world.ports);
}

describe('claims of a plan with thousands of shards', () => {
  it.each([7, 1_199])('let shard %d be taken again when its worker is lost', async (lost) => {
    const world = await World.create();
    await anEndedRun(world, lost);
    expect(await claimsIn(world).next(() => 60_000)).toMatchObject({ i: lost, attempt: 2 });
  });

  it('are read whole', async () => {
    const world = await World.create();
    await anEndedRun(world);
    const found = await loadClaims(runId, world.ports);
    expect(new Set(found.map(({ data }) => data.i)).size).toBe(shards);
  });

  it('are read without those that are corrupt', async () => {
    const world = await World.create();
    const store = new MemoryStore(world.clock);
    const raw: Collection<unknown> = { ...claimsOf(runId), schema: z.unknown() };
    for (let i = 0; i < 1_500; i++) {
      const claim = { i, slot: 0, nonce: i % 500 === 0 ? 7 : 'n', attempt: 1, leaseUntil: new Date(0) };
      await store.commit([create(documentIn(raw, String(i)), claim)]);
    }
    expect(await loadClaims(runId, { ...world.ports, store })).toHaveLength(1_497);
  });
});
