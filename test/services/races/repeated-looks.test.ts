import { describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { lastRunOf } from '../../../shared/services/records/last-run.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import type { FakeClock } from '../../world/fake-clock.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;
const notify = () =>
  aConfig(aServiceConfig({ rollback: { ...aServiceConfig().rollback, policy: 'notify' } }));

/** The clock of one machine only. */
function skewed(clock: FakeClock, ms: number) {
  return {
    now: () => new Date(clock.now().getTime() + ms),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (n: number) => clock.sleep(n),
  };
}

describe('a bad revision that keeps its traffic', () => {
  it.each([
    ['the sweep runs two hours ahead', 'sweep-stale-runs', 2 * 60 * minute],
    ['what closes runs is two hours behind', 'decide-stage', -2 * 60 * minute],
  ])('is not validated each minute when %s', async (_what, at, ms) => {
    const world = await World.create({ config: notify() });
    await world.deployGood('web-1');
    world.intercept((_ports, hop) => (hop === at ? { clock: skewed(world.clock, ms) } : {}));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    for (let n = 0; n < 40; n++) {
      await world.clock.sleep(minute);
      await world.sweep();
    }
    const last = await lastRunOf(world.store, world.ref, 'web-2' as RevisionName);
    expect(last?.data.attempt).toBeLessThanOrEqual(7);
  });

  it('is an alarm though the service never comes to rest', async () => {
    const world = await World.create({ config: notify() });
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    world.cloud.setReconciling(world.ref, true);
    for (let n = 0; n < 120; n++) {
      await world.clock.sleep(minute);
      await world.sweep();
    }
    expect((await world.service())?.alarm).toMatchObject({ revision: 'web-2' });
  });
});

describe('a revision that fails every other time', () => {
  it('is rolled back in the end', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    let n = 0;
    const flapping = () => (n++ % 7 < 3 ? answers.unavailable() : answers.good());
    world.cloud.deploy(world.ref, 'web-2', { behaviour: flapping });
    for (let i = 0; i < 240; i++) {
      await world.clock.sleep(minute);
      await world.sweep();
    }
    const runs = [];
    for (let a = 1; a < 12; a++) runs.push(await world.run('web-2', a));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});
