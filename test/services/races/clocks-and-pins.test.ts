import { describe, expect, it } from '@jest/globals';
import { UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aroundStore } from '../../world/around-store.ts';
import { aCanaryWorld } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;
const hour = 60 * minute;

it('our own pin is not taken for lost by a sweep that was frozen while it came about: the next good deploy is promoted', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
  let stalled = false;
  world.intercept((_ports, hop) => {
    if (hop !== 'sweep-stale-runs') return {};
    const run = world.cloudPort();
    return {
      run: {
        ...run,
        getService: async (ref) => {
          const state = await run.getService(ref);
          if (!stalled) {
            stalled = true;
            await world.publish('begin-validation', { kind: 'build', name: build });
            await world.clock.sleep(20 * minute);
          }
          return state;
        },
      },
    };
  });
  await world.sweep();
  expect(await world.serving()).toEqual({ 'web-1': 100 });
  expect((await world.run('web-2'))?.outcome).toMatchObject({ code: 'restored' });
  world.intercept(() => ({}));
  await world.clock.sleep(hour);
  await world.sweep();
  await world.finishBuild(world.deployByBuild('web-3'));
  for (let n = 0; n < 30; n++) {
    await world.clock.sleep(minute);
    await world.sweep();
  }
  expect(await world.serving()).toEqual({ 'web-3': 100 });
});

describe.each([
  ['agree', 0, 0],
  ['disagree, the first an hour ahead', hour, 0],
  ['disagree, the second an hour ahead', 0, hour],
])('two executors whose clocks %s', (_what, firstMs, secondMs) => {
  it('make no two rollbacks within the cooldown', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const setClock = (skewMs: number) =>
      world.intercept((_ports, hop) => {
        const { clock } = world;
        const now = () => new Date(clock.now().getTime() + skewMs);
        const monotonicMs = () => clock.monotonicMs();
        return hop === 'route-traffic'
          ? { clock: { now, monotonicMs, sleep: (ms: number) => clock.sleep(ms) } }
          : {};
      });
    setClock(firstMs);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    setClock(secondMs);
    await world.clock.sleep(minute);
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', outcome: { code: 'cooldown' } });
  });
});

it('a canary that gave back within its step, and died before it said so, asks no human to look at a promotion', async () => {
  const world = await aCanaryWorld();
  let stepped = false;
  let died = false;
  world.intercept((ports, hop) => {
    if (hop !== 'route-traffic') return {};
    const run = world.cloudPort();
    return {
      prober: {
        ...ports.prober,
        probe: async (request) => (stepped ? answers.unavailable() : ports.prober.probe(request)),
      },
      store: aroundStore(ports.store, {
        commit: async (writes) => {
          const ends = writes.some(
            (w) => w.kind === 'update' && w.ref.collection.path === 'outbox' && 'state' in w.fields,
          );
          const gaveBack = (await world.serving())['web-2'] === undefined;
          if (stepped && gaveBack && ends && !died) {
            died = true;
            throw new UnknownOutcomeError('the process died');
          }
          return ports.store.commit(writes);
        },
      }),
      run: {
        ...run,
        updateTraffic: async (ref, change) => {
          await run.updateTraffic(ref, change);
          if (change.traffic.some((t) => t.revision === ('web-2' as RevisionName) && t.percent > 0))
            stepped = true;
        },
      },
    };
  });
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(died).toBe(true);
  expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'inconclusive', alert: true });
});
