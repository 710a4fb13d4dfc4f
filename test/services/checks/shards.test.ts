import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn, pathOf } from '../../../shared/contracts/document.ts';
import {
  abortOf,
  claimsOf,
  planHeadOf,
  type ShardRecord,
  shardsOf,
  slotsOf,
} from '../../../shared/contracts/records.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import type { RunId } from '../../../shared/domain/ids.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { create, type Store } from '../../../shared/ports/store.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import { aroundStore } from '../../world/around-store.ts';
import { CountingStore } from '../../world/counting-store.ts';
import { World } from '../../world/world.ts';

const many = (n: number) => Array.from({ length: n }, (_, k) => `check-${k}`);

async function aWorld(
  checks: number,
  workers: number,
  suite: Parameters<typeof aSuite>[0] = {},
): Promise<World> {
  const tests = { ...aServiceConfig().tests, workers };
  const suites = [aSuite({ priority: 'P1', checks: many(checks), ...suite })];
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })) });
  await world.deployGood('web-1');
  return world;
}

async function shardsIn(world: World, runId: RunId): Promise<readonly ShardRecord[]> {
  const found = await world.store.find({ collection: shardsOf(runId), where: [], limit: 1000 });
  return found.map(({ data }) => data).sort((a, b) => a.i - b.i);
}

const timesOf = (world: World) => {
  const counts = new Map<string, number>();
  for (const { id } of world.checks.asked) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
};

describe('workers of stage tests', () => {
  let world: World;
  let runId: RunId;
  const deploy = () => world.finishBuild(world.deployByBuild('web-2'));

  beforeEach(async () => {
    world = await aWorld(60, 4);
    runId = world.runIdOf('web-2');
  });

  it('share the checks: each is executed once, and each shard is stored once', async () => {
    await deploy();
    expect([...timesOf(world).values()]).toEqual(Array(60).fill(1));
    const shards = await shardsIn(world, runId);
    expect(shards.map(({ i }) => i)).toEqual([...shards.keys()]);
    expect(new Set(shards.map(({ slot }) => slot)).size).toBe(4);
  });

  it('are many for few checks each, and the store is still asked and written less than twice for a check', async () => {
    world = await aWorld(1_000, 128);
    const store = new CountingStore(world.ports.store);
    world.intercept(() => ({ store }));
    await deploy();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(store.counts.reads).toBeLessThan(2 * 1_000);
    expect(store.counts.writes).toBeLessThan(2 * 1_000);
  });

  it('are woken twice to no harm: no check is executed twice at a time, and the result is the same', async () => {
    let woken = 0;
    world.intercept((_ports, hop) => {
      if (hop === 'execute-shard' && woken++ < 4)
        void world.publish('execute-shard', { runId, slot: woken, turn: 0 });
      return {};
    });
    await deploy();
    expect([...timesOf(world).values()]).toEqual(Array(60).fill(1));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('wait for no claim and no write between two shards, but for the last', async () => {
    world = await aWorld(60, 1);
    const startedMs: number[] = [];
    world.checks.answer = () => void startedMs.push(world.clock.monotonicMs());
    world.intercept(() => ({ store: slow(world.ports.store, world.clock) }));
    await deploy();
    const gaps = startedMs.slice(1).map((ms, n) => ms - (startedMs[n] ?? 0));
    expect(startedMs).toHaveLength(60);
    expect(gaps.slice(0, -1).filter((ms) => ms > world.checks.durationMs)).toEqual([]);
  });

  it('hold no shard ahead near the end: the last are for whoever is free first', async () => {
    const claimedMs = new Map<number, number>();
    world.intercept(() => ({ store: noteClaims(world.ports.store, world.clock, claimedMs) }));
    await deploy();
    const shards = await shardsIn(world, runId);
    const ahead = shards.filter(({ i, slot }) => {
      const before = shards.findLast((shard) => shard.slot === slot && shard.i < i);
      const endMs = before && before.startedAt.getTime() + before.checks.length * world.checks.durationMs;
      return endMs !== undefined && (claimedMs.get(i) ?? Number.NaN) < endMs;
    });
    expect(ahead.length).toBeGreaterThan(0);
    expect(Math.max(...ahead.map(({ i }) => i))).toBeLessThan(shards.length - 4);
  });

  it('work in turns', async () => {
    world = await aWorld(20, 2, { timeout: '2m' });
    runId = world.runIdOf('web-2');
    world.checks.durationMs = 60_000;
    await deploy();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    const slot = await world.store.get(documentIn(slotsOf(runId), '0'));
    expect(slot?.data.turn).toBeGreaterThan(0);
    expect([...timesOf(world).values()]).toEqual(Array(20).fill(1));
    // What was claimed ahead is worked on before the turn ends.
    const claims = await world.store.find({ collection: claimsOf(runId), where: [], limit: 100 });
    expect(claims.filter(({ data }) => data.attempt > 1)).toEqual([]);
  });

  it('begin no shard after the end of their turn', async () => {
    world = await aWorld(120, 1, { timeout: '20s' });
    runId = world.runIdOf('web-2');
    world.checks.durationMs = 5_000;
    const turnsMs: number[] = [];
    world.intercept((_ports, hop) => {
      if (hop === 'execute-shard') turnsMs.push(world.clock.now().getTime());
      return {};
    });
    await deploy();
    const inTurnMs = (await shardsIn(world, runId)).map(({ startedAt }) => {
      const at = startedAt.getTime();
      return at - (turnsMs.findLast((turnMs) => turnMs <= at) ?? Number.NaN);
    });
    expect(turnsMs.length).toBeGreaterThan(2);
    // One that was claimed just before may have had to wait for a last check.
    expect(Math.max(...inTurnMs)).toBeLessThanOrEqual(240_000 + 5_000);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('take their time for checks that nobody has seen yet', async () => {
    world = await aWorld(100, 2, { timeout: '20s', retryPause: '0s' });
    world.checks.durationMs = 18_000;
    await deploy();
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass' });
    expect([...timesOf(world).values()]).toEqual(Array(100).fill(1));
  });

  it('lose one shard, and no other, where the database does not take it', async () => {
    world = await aWorld(60, 1);
    const store = failOnce(world.ports.store, world.clock, (path) => path.endsWith('shards/0'));
    world.intercept(() => ({ store }));
    await deploy();
    // Until the lease of the shard has ended.
    await world.clock.sleep(900_000);
    await world.sweep();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    const [first] = await shardsIn(world, runId);
    const twice = [...timesOf(world).values()].filter((times) => times > 1);
    expect(twice).toHaveLength(first?.checks.length ?? Number.NaN);
  });

  it('are one again after a turn, where a slot was woken twice', async () => {
    world = await aWorld(80, 4, { timeout: '2m' });
    runId = world.runIdOf('web-2');
    world.checks.durationMs = 30_000;
    let woken = false;
    const turns: string[] = [];
    world.intercept((ports, hop) => ({
      bus: {
        publish: async (to, message) => {
          if (hop === 'execute-shard' && to === 'execute-shard' && 'turn' in message)
            turns.push(`slot ${message.slot}, turn ${message.turn}`);
          await ports.bus.publish(to, message);
          if (to === 'execute-shard' && !woken) {
            woken = true;
            await world.clock.sleep(30_000);
            await world.publish('execute-shard', { runId, slot: 0, turn: 0 });
          }
        },
      },
    }));
    await deploy();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(turns.length).toBeGreaterThan(2);
    expect(turns).toEqual([...new Set(turns)]);
  });

  it('pass an older turn on to the one in force, and do nothing for it', async () => {
    const published: unknown[] = [];
    world.intercept((ports) => ({
      bus: {
        publish: async (to, message) => {
          if (to === 'execute-shard') published.push(message);
          await ports.bus.publish(to, message);
        },
      },
    }));
    world.checks.answer = async ({ id }) => {
      if (id !== 'check-5') return undefined;
      await world.store.commit([create(documentIn(slotsOf(runId), '9'), { turn: 3 })]);
      await world.publish('execute-shard', { runId, slot: 9, turn: 2 });
      return undefined;
    };
    await deploy();
    expect(published).toContainEqual({ runId, slot: 9, turn: 3 });
  });

  it('leave a shard alone whose lease is in force, and take it when it has ended', async () => {
    let claimed: Date | undefined;
    world.checks.answer = async ({ id }) => {
      if (id !== 'check-0' || claimed) return undefined;
      const [claim] = await world.store.find({
        collection: claimsOf(runId),
        where: [['i', '==', 0]],
        limit: 1,
      });
      claimed = claim?.data.leaseUntil;
      // The machine is frozen: nothing of it goes on.
      return new Promise(() => undefined);
    };
    await world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-2') });
    while ((await world.run('web-2'))?.state !== 'closed') {
      await world.clock.sleep(60_000);
      await world.publish('sweep-stale-runs', {});
    }
    const again = (await shardsIn(world, runId)).find(({ i }) => i === 0);
    expect(again?.startedAt.getTime()).toBeGreaterThanOrEqual(claimed?.getTime() ?? Number.NaN);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('begin nothing more once their lease has ended, and store nothing', async () => {
    world = await aWorld(10, 1, { timeout: '1s', suiteTimeout: '10s' });
    runId = world.runIdOf('web-2');
    let slow = true;
    world.checks.answer = async ({ attempt }) => {
      if (slow && attempt === 1) await world.clock.sleep(1_000_000);
      slow = false;
      return undefined;
    };
    await deploy();
    const [first] = await shardsIn(world, runId);
    const claim = await world.store.get(documentIn(claimsOf(runId), '0'));
    expect(claim?.data.attempt).toBe(2);
    expect(first?.checks[0]?.settlement).toBe('passed');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('store what there is of a shard that nobody can finish in time', async () => {
    world = await aWorld(4, 1, { timeout: '1s', suiteTimeout: '10s' });
    runId = world.runIdOf('web-2');
    world.checks.answer = async ({ id }) => {
      if (id === 'check-2') await world.clock.sleep(1_000_000);
      return undefined;
    };
    await deploy();
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'missing-results', text: expect.stringContaining('check-2') }],
    });
  });

  it('trust no answer of a URL that another revision has taken meanwhile', async () => {
    let asked = 0;
    world.checks.answer = () => {
      if (++asked === 30) world.cloud.deploy(world.ref, 'web-3');
      return undefined;
    };
    await deploy();
    const settled = (await shardsIn(world, runId)).flatMap(({ checks }) => checks);
    expect(settled.filter(({ settlement }) => settlement === 'passed').length).toBeLessThan(30);
    expect((await world.run('web-2'))?.verdict).not.toBe('pass');
  });

  it('stop for a newer deploy, which takes over', async () => {
    world = await aWorld(2_000, 4);
    let asked = 0;
    world.checks.answer = () => {
      if (++asked === 40)
        void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-3') });
      return undefined;
    };
    await deploy();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'superseded' });
    expect(await world.run('web-3')).toMatchObject({ verdict: 'pass' });
    expect(world.checks.asked.filter(({ revision }) => revision === 'web-2').length).toBeLessThan(400);
    // Nor does it go through the others only to find that its URL is gone.
    expect((await shardsIn(world, world.runIdOf('web-2'))).length).toBeLessThan(30);
  });

  it('stop when a person gives the run up', async () => {
    world = await aWorld(2_000, 4);
    let asked = 0;
    world.checks.answer = async () => {
      if (++asked === 40)
        await setControl(
          abortOf(world.runIdOf('web-2')),
          { reason: 'incident 42', actor: 'ada' },
          world.ports,
        );
      return undefined;
    };
    await deploy();
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'aborted', text: 'cancelled: incident 42' }],
    });
    expect(world.checks.asked.length).toBeLessThan(400);
  });

  it('stop at the deadline of the stage, and what is missing is named', async () => {
    world = await aWorld(200, 2);
    world.checks.durationMs = 29_000;
    await deploy();
    await world.clock.sleep(3_600_000);
    await world.sweep();
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'inconclusive' });
    expect((await world.run('web-2'))?.state).toBe('closed');
  });

  it('plan once: a dispatch that comes again changes nothing', async () => {
    let plans = 0;
    world.checks.collected = (suite) => {
      plans++;
      return {
        checks: (suite.kind === 'command' ? [] : suite.checks).map(({ name }) => ({ id: name })),
        problems: [],
      };
    };
    let head: unknown;
    world.checks.answer = async ({ id }) => {
      if (id === 'check-5') {
        head = (await world.store.get(documentIn(planHeadOf(runId), 'head')))?.data;
        await world.publish('dispatch-shards', { runId });
      }
      return undefined;
    };
    await deploy();
    expect(plans).toBe(1);
    expect((await world.store.get(documentIn(planHeadOf(runId), 'head')))?.data).toEqual(head);
    expect([...timesOf(world).values()]).toEqual(Array(60).fill(1));
  });

  it.each([4, 16, 128])(
    'need no more than two reads and two writes of the database for each check, with %d workers',
    async (workers) => {
      const [without, withChecks] = [await countRun([], workers), await countRun(many(1_000), workers)];
      expect((withChecks.reads - without.reads) / 1_000).toBeLessThanOrEqual(2);
      expect((withChecks.writes - without.writes) / 1_000).toBeLessThanOrEqual(2);
    },
  );
});

/** Notes when each shard was claimed. */
function noteClaims(store: Store, clock: Clock, claimedMs: Map<number, number>): Store {
  return aroundStore(store, {
    async commit(writes) {
      await store.commit(writes);
      for (const { ref } of writes)
        if (/claims$/.test(ref.collection.path)) claimedMs.set(Number(ref.id), clock.now().getTime());
    },
  });
}

/** A store that does not take the first write of one kind. */
function failOnce(store: Store, clock: Clock, isMeant: (path: string) => boolean): Store {
  let failed = false;
  return aroundStore(store, {
    async commit(writes) {
      if (failed || !writes.some(({ ref }) => isMeant(pathOf(ref)))) return store.commit(writes);
      failed = true;
      // It is tried for so long that the next shard is done, and the one after it claimed.
      await clock.sleep(8_000);
      throw new TransientError('the database is not there');
    },
  });
}

/** A store as slow as a database in a cloud may be. */
function slow(store: Store, clock: Clock): Store {
  return aroundStore(store, {
    async commit(writes) {
      await clock.sleep(50);
      await store.commit(writes);
    },
  });
}

/** Operations of the database for one good deploy. */
async function countRun(checks: readonly string[], workers: number): Promise<CountingStore['counts']> {
  const counters: CountingStore[] = [];
  const wrap = (store: Store) => {
    const counter = new CountingStore(store);
    counters.push(counter);
    return counter;
  };
  const tests = { ...aServiceConfig().tests, workers };
  const suites = checks.length > 0 ? [aSuite({ priority: 'P1', checks })] : [];
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })), wrap });
  await world.deployGood('web-1');
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  return counters[0]?.counts ?? { reads: Number.NaN, writes: Number.NaN };
}

describe('messages about nothing', () => {
  it.each([
    ['dispatch-shards', { runId: '0'.repeat(20) as RunId }],
    ['execute-shard', { runId: '0'.repeat(20) as RunId, slot: 0, turn: 0 }],
    ['record-history', { runId: '0'.repeat(20) as RunId }],
  ] as const)('%s is acknowledged', async (hop, message) => {
    const world = await aWorld(3, 1);
    await world.publish(hop, message);
    await expect(world.bus.idle()).resolves.toBeUndefined();
  });
});
