import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { outbox } from '../../../shared/contracts/records.ts';
import { CorruptRecordError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { effectIdOf } from '../../../shared/domain/ids.ts';
import { lastGoodAnnotation } from '../../../shared/domain/traffic/plan-traffic.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { onTrafficWrites } from '../../world/on-traffic-writes.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;
const hour = 60 * minute;

it('a rollback that landed unseen and was undone by Terraform is not made again by the next run', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  let calls = 0;
  onTrafficWrites(world, async (send, ref, change) => {
    await send(ref, change);
    if (++calls > 1) return;
    // Terraform knows no annotations of ours, and no rollback.
    world.cloud.dropAnnotations(world.ref);
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    throw new UnknownOutcomeError('UNAVAILABLE');
  });
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  const effectId = effectIdOf(world.runIdOf('web-2'), 'health', 'rollback');
  expect((await world.store.get(documentIn(outbox, effectId)))?.data.outcome).toMatchObject({
    code: 'unknown-outcome',
  });
  expect(world.cloud.writes).toHaveLength(1);
  for (let n = 0; n < 10; n++) {
    await world.clock.sleep(minute);
    await world.sweep();
  }
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

it('a frozen mark-good leaves no name and tag of a revision that was judged bad since', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  const markGood = effectIdOf(world.runIdOf('web-2'), 'watch', 'mark-good');
  let frozen = false;
  world.intercept((ports, hop) => {
    if (hop !== 'route-traffic') return {};
    let isMark = false;
    const run = world.cloudPort();
    return {
      store: aroundStore(ports.store, {
        get: async (ref) => {
          if (ref.id === markGood) isMark = true;
          return ports.store.get(ref);
        },
        commit: async (writes) => {
          await ports.store.commit(writes);
          // It has recorded web-2 as good, and has not written the marks.
          if (!isMark || frozen || !writes.some(({ ref }) => ref.collection.path === 'services')) return;
          frozen = true;
          await world.clock.sleep(hour);
          world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
          void world.ask('web-2', 'guard');
          await world.clock.sleep(hour);
          world.clock.monotonicMs();
        },
      }),
      run,
    };
  });
  await world.finishBuild(world.deployByBuild('web-2'));
  await world.bus.idle();
  expect(frozen).toBe(true);
  expect((await world.service())?.lastGood.map(({ revision }) => revision)).toEqual(['web-1']);
  const state = await world.cloud.getService(world.ref);
  expect(state?.traffic.find(({ tag }) => tag === 'deploy-loop-stable')?.revision).toBe('web-1');
  expect(state?.annotations[lastGoodAnnotation]).toMatch(/^web-1 /);
});

it('a run that nobody can decide hides what serves from nobody', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  world.intercept((ports, hop) =>
    hop === 'decide-stage'
      ? {
          store: aroundStore(ports.store, {
            find: async (query) => {
              if (query.collection.path.includes('health'))
                throw new CorruptRecordError('runs/x/health/health.0000', 'bad');
              return ports.store.find(query);
            },
          }),
        }
      : {},
  );
  const settle = () => world.bus.idle().catch(() => undefined);
  await world.publish('begin-validation', {
    kind: 'build',
    name: world.deployByBuild('web-2', { behaviour: answers.unavailable }),
  });
  await settle();
  for (let n = 0; n < 60; n++) {
    await world.clock.sleep(minute);
    await world.publish('sweep-stale-runs', {});
    await settle();
  }
  expect(await world.serving()).toEqual({ 'web-2': 100 });
  expect((await world.service())?.alarm).toMatchObject({ revision: 'web-2' });
});

describe('gate', () => {
  it('promotes a good revision once the newer one that kept it back was deleted', async () => {
    const world = await World.create({ config: aConfig(aServiceConfig({ mode: 'gate' })) });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    let probes = 0;
    const build = world.deployByBuild('web-2', {
      behaviour: () => {
        // A preview, or a mistake, is there for a minute.
        if (++probes === 2) world.cloud.deploy(world.ref, 'web-3');
        return answers.good();
      },
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'superseded' });
    world.cloud.deleteRevision(world.ref, 'web-3');
    for (let n = 0; n < 60; n++) {
      await world.clock.sleep(minute);
      await world.sweep();
    }
    const known = await world.service();
    expect({
      served: (await world.serving())['web-2'] === 100,
      alarmed: known?.alarm?.revision === 'web-2',
    }).not.toEqual({
      served: false,
      alarmed: false,
    });
  });
});

it('a bad revision is an alarm while the run of another takes its time', async () => {
  const world = await World.create({
    config: aConfig(aServiceConfig({ watch: { for: '40m', minimum: '40m', interval: '60s' } })),
  });
  await world.deployGood('web-1');
  world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
  const build = world.deployByBuild('web-3');
  await world.fixTraffic(['web-2', 50], ['web-3', 50]);
  let alarmed = false;
  let sweeps = 0;
  let stop = false;
  const sweeping = (async () => {
    while (!stop && sweeps < 30) {
      await world.clock.sleep(minute);
      await world.publish('sweep-stale-runs', {});
      sweeps++;
      alarmed ||= (await world.service())?.alarm !== undefined;
    }
  })();
  await world.finishBuild(build);
  stop = true;
  await sweeping;
  expect(sweeps).toBe(30);
  expect(alarmed).toBe(true);
});
