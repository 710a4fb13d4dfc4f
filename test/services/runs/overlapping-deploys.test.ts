import { describe, expect, it } from '@jest/globals';
import type { Mode } from '../../../shared/domain/stages.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, type Behaviour } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

function configOf(mode: Mode) {
  return aConfig(
    aServiceConfig({
      mode,
      steps: [
        { percent: 10, hold: '2m' },
        { percent: 100, hold: '2m' },
      ],
      watch: { for: '5m', minimum: '60s', interval: '10s' },
      requestLog: { ...aServiceConfig().requestLog, use: 'off' },
    }),
  );
}

/** Deploys made three seconds apart, their builds told in the given order. */
async function deployThree(
  mode: Mode,
  behaviours: readonly [Behaviour, Behaviour, Behaviour],
  order: readonly number[],
): Promise<World> {
  const world = await World.create({ config: configOf(mode) });
  await world.deployGood('web-1');
  if (mode !== 'guard') await world.fixTraffic(['web-1', 100]);
  const builds: string[] = [];
  for (const [n, behaviour] of behaviours.entries()) {
    builds.push(world.deployByBuild(`web-${n + 2}`, { behaviour }));
    await world.clock.sleep(3_000);
  }
  for (const n of order) void world.publish('begin-validation', { kind: 'build', name: builds[n] ?? '' });
  await world.bus.idle();
  return world;
}

const orders = [
  [0, 1, 2],
  [2, 1, 0],
  [1, 2, 0],
  [2, 0, 1],
];

describe.each<Mode>(['guard', 'gate', 'canary'])('three deploys within nine seconds, mode %s', (mode) => {
  it.each(orders)('end with exactly the newest judged, told in the order %i %i %i', async (...order) => {
    const world = await deployThree(mode, [answers.good, answers.good, answers.good], order);
    expect(await world.serving()).toEqual({ 'web-4': 100 });
    expect(await world.run('web-4')).toMatchObject({ verdict: 'pass' });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'superseded' });
    expect(await world.run('web-3')).toMatchObject({ verdict: 'superseded' });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-4', 'web-1']);
  });

  it.each(orders)(
    'go back to the last good one if the newest is bad, told in the order %i %i %i',
    async (...order) => {
      const world = await deployThree(mode, [answers.good, answers.good, answers.unavailable], order);
      expect(await world.serving()).toEqual({ 'web-1': 100 });
      expect(await world.run('web-4')).toMatchObject({ verdict: 'fail' });
      expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
    },
  );
});

describe('a run in its watch', () => {
  it('is cut to its minimum by a newer revision that waits at 0 %, which is judged then', async () => {
    const world = await World.create({ config: configOf('gate') });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 6)
        void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-3') });
      return answers.good();
    });
    await world.finishBuild(build);
    expect(await world.decision('web-2', 'watch')).toMatchObject({ verdict: 'pass', short: true });
    expect(await world.run('web-3')).toMatchObject({ verdict: 'pass' });
    expect((await world.service())?.lastGood.map(({ revision, short }) => [revision, short])).toEqual([
      ['web-3', false],
      ['web-2', true],
      ['web-1', false],
    ]);
  });

  it('keeps its place when the newer one never becomes ready, and is rolled back if it fails', async () => {
    const world = await World.create({ config: configOf('guard') });
    await world.deployGood('web-1');
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 5) {
        const never = { kind: 'failed', reason: 'HealthCheckContainerError', message: 'no port' } as const;
        void world.publish('begin-validation', {
          kind: 'build',
          name: world.deployByBuild('web-3', { readiness: never }),
        });
      }
      return probes > 12 ? answers.unavailable() : answers.good();
    });
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', reasons: [{ code: 'never-ready' }] });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

describe('what no build told of', () => {
  it.each([
    ['a deploy from a laptop', 'web-3'],
    ['an edit of a label, which makes a revision', 'web-2-label'],
  ])('is found by the sweep and judged: %s', async (_what, revision) => {
    const world = await World.create({ config: configOf('guard') });
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
    world.cloud.deploy(world.ref, revision, { behaviour: answers.unavailable });
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.run(revision)).toMatchObject({
      openedBy: 'sweep',
      verdict: 'fail',
      outcome: { code: 'restored' },
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});

describe('a worker that was frozen for ten minutes', () => {
  it.each([
    ['before its write', 'updateTraffic'],
    ['before it reads the service', 'getService'],
  ] as const)('writes nothing over what has happened since: frozen %s', async (_when, method) => {
    const world = await World.create({ config: configOf('guard') });
    await world.deployGood('web-1');
    let frozen = false;
    world.intercept((ports, hop) => {
      if (hop !== 'route-traffic') return ports;
      const run = world.cloudPort();
      const freeze = async () => {
        if (frozen) return;
        frozen = true;
        await world.clock.sleep(300_000);
        world.cloud.deploy(world.ref, 'web-3');
        await world.clock.sleep(300_000);
      };
      const slow = {
        ...run,
        getService: async (...args: Parameters<typeof run.getService>) => {
          if (method === 'getService') await freeze();
          return run.getService(...args);
        },
        updateTraffic: async (...args: Parameters<typeof run.updateTraffic>) => {
          if (method === 'updateTraffic') await freeze();
          return run.updateTraffic(...args);
        },
      };
      return { ...ports, run: slow };
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(frozen).toBe(true);
    expect(await world.serving()).toEqual({ 'web-3': 100 });
    expect(world.cloud.writes).toHaveLength(0);
  });
});
