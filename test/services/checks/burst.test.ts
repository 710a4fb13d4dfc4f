import { describe, expect, it } from '@jest/globals';
import { claimsOf, shardsOf } from '../../../shared/contracts/records.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const many = (n: number) => Array.from({ length: n }, (_, k) => `check-${k}`);

async function aWorld(checks: number, workers: number): Promise<World> {
  const suites = [aSuite({ name: 'api', priority: 'P6', checks: many(checks) })];
  const { tests: usual } = aServiceConfig();
  // No number of failures loses a gate: what is left to judge by is health.
  const tests = { ...usual, workers, gates: { ...usual.gates, P6: 100 } };
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })) });
  await world.deployGood('web-1');
  return world;
}

const storedShards = async (world: World) => {
  const found = await world.store.find({
    collection: shardsOf(world.runIdOf('web-2')),
    where: [],
    limit: 100,
  });
  return found.map(({ data }) => data).sort((a, b) => a.i - b.i);
};

const alike = { outcome: 'failed', signature: 'http-503' } as const;

describe('a burst of checks that fail all alike', () => {
  it.each([1, 4])(
    'that leaves no shard over is judged by the rules of health all the same, with %d workers',
    async (workers) => {
      const world = await aWorld(10 * workers, workers);
      let down = false;
      world.checks.answer = ({ revision }) => {
        down = true;
        return revision === 'web-2' ? alike : undefined;
      };
      const behaviour = () => (down ? answers.unavailable() : answers.good());
      await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
      expect(await world.decision('web-2', 'tests')).toMatchObject({
        verdict: 'fail',
        action: 'rollback',
        reasons: [{ code: 'server-error' }, { code: 'stable-good' }],
      });
      expect(await world.serving()).toEqual({ 'web-1': 100 });
    },
  );

  it('is judged by the rules of health although nobody heard of it while it went on', async () => {
    const world = await aWorld(10, 1);
    let down = false;
    world.intercept((ports, hop) => ({
      bus: {
        publish: async (to, message) => {
          const isBurst = to === 'check-health' && 'burst' in message && message.burst;
          if (hop !== 'execute-shard' || !isBurst) await ports.bus.publish(to, message);
        },
      },
    }));
    world.checks.answer = ({ revision }) => {
      down = true;
      return revision === 'web-2' ? alike : undefined;
    };
    const behaviour = () => (down ? answers.unavailable() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });

  it('has the other checks go on where the service is healthy, burst after burst, without a sweep', async () => {
    const world = await aWorld(400, 4);
    let bursts = 0;
    world.intercept((ports) => ({
      bus: {
        publish: async (to, message) => {
          if (to === 'check-health' && 'burst' in message && message.burst) bursts++;
          await ports.bus.publish(to, message);
        },
      },
    }));
    world.checks.answer = () => alike;
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'missing-results' }],
    });
    const stored = await world.store.find({
      collection: shardsOf(world.runIdOf('web-2')),
      where: [],
      limit: 1000,
    });
    expect(stored.length).toBeGreaterThan(4);
    expect(bursts).toBeLessThanOrEqual(2 * stored.length);
    expect((await world.run('web-2'))?.state).toBe('closed');
  });

  it('ends no worker where it was another revision that failed', async () => {
    const world = await aWorld(60, 1);
    let failures = 0;
    let changedAt: Date | undefined;
    world.interceptService((state) => ({ ...state, routesChangedAt: changedAt ?? state.routesChangedAt }));
    // Twice, all fail alike, and then it shows that traffic was away meanwhile.
    world.checks.answer = ({ revision, attempt }) => {
      if (revision !== 'web-2' || failures >= 20) return undefined;
      if (attempt === 1 && ++failures % 10 === 0) changedAt = world.clock.now();
      return alike;
    };
    await world.finishBuild(world.deployByBuild('web-2'));
    const shards = await storedShards(world);
    expect(failures).toBe(20);
    expect(shards[0]?.checks.every(({ settlement }) => settlement === 'not-run')).toBe(true);
    expect(shards.flatMap(({ checks }) => checks)).toHaveLength(60);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'inconclusive' });
  });

  it('ends a worker with nothing in its hands', async () => {
    const calm = await aWorld(60, 1);
    await calm.finishBuild(calm.deployByBuild('web-2'));
    const [first] = await storedShards(calm);
    const firstIds = calm.checks.asked.slice(0, first?.checks.length).map(({ id }) => id);
    // The burst comes with the last check of the first shard, when the next one could be claimed.
    const failing = new Set(firstIds.slice(-10));

    const world = await aWorld(60, 1);
    world.checks.answer = ({ id }) => (failing.has(id) ? alike : undefined);
    world.intercept((ports) => ({
      bus: {
        publish: async (to, message) => {
          if (to !== 'check-health' || !('burst' in message && message.burst))
            await ports.bus.publish(to, message);
        },
      },
    }));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(failing.size).toBe(10);
    expect(new Set(world.checks.asked.map(({ id }) => id))).toEqual(new Set(firstIds));
    expect(await world.store.countAndSum(claimsOf(world.runIdOf('web-2')), 'i')).toMatchObject({ count: 1 });
  });

  it('asks again when the process that stored the last shard died before it could', async () => {
    // The tenth failure makes the burst, in whatever shard: it is in the last one.
    const world = await aWorld(10, 1);
    let down = false;
    let lost = 0;
    world.checks.answer = ({ revision }) => {
      down = true;
      return revision === 'web-2' ? alike : undefined;
    };
    world.intercept((ports, hop) => ({
      bus: {
        publish: async (to, message) => {
          if (hop === 'execute-shard' && to === 'check-health' && lost++ === 0) return;
          await ports.bus.publish(to, message);
        },
      },
    }));
    const behaviour = () => (down ? answers.unavailable() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });
});
