import { describe, expect, it } from '@jest/globals';
import { pauseOf } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig } from '../../builders.ts';
import { atProbe } from '../../world/behaviours.ts';
import { aCanaryWorld, canary, hasWritten } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const at60 = [
  { percent: 5, hold: '2m' },
  { percent: 60, hold: '2m' },
  { percent: 100, hold: '2m' },
];

async function sweepMinutes(world: World, minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
}

/** A canary that has most of the traffic, and was held there for want of users. */
async function heldAt60(): Promise<World> {
  const world = await aCanaryWorld({ steps: at60 });
  world.cloud.users.set('web-2', (query) => users(hasWritten(world, 'web-2', 60) ? 2 : 50)(query));
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(await world.serving()).toEqual({ 'web-1': 40, 'web-2': 60 });
  return world;
}

describe('a canary that was held', () => {
  it('is taken no further by a run that may only record', async () => {
    const world = await heldAt60();
    world.cloud.users.set('web-2', users(50));
    expect(await world.ask('web-2', 'apply')).toBe(true);
    expect(await world.run('web-2', 2)).toMatchObject({ authority: 'record', action: 'hold' });
    expect(await world.serving()).toEqual({ 'web-1': 40, 'web-2': 60 });
  });

  it('is tried with growing pauses when Cloud Run refuses its next step', async () => {
    const world = await aCanaryWorld({ steps: at60 });
    world.cloud.users.set('web-2', (query) => {
      if (hasWritten(world, 'web-2', 60)) world.cloud.writeFaults.push({ kind: 'refused' });
      return users(50)(query);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepMinutes(world, 20);
    expect(await world.run('web-2', 3)).toMatchObject({ outcome: { code: 'refused' } });
    expect(await world.run('web-2', 6)).toBeUndefined();
  });

  it('goes no further by itself however long it is paused', async () => {
    const world = await aCanaryWorld();
    const pause = () =>
      setControl(pauseOf(serviceKeyOf(world.ref)), { reason: 'looking', actor: 'ann' }, world.ports);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: atProbe(6, pause) }));
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    expect(await world.run('web-2')).toMatchObject({
      reasons: [{ code: 'paused' }],
      action: 'hold',
      alert: true,
    });
  });

  it('begins with what serves when it is run again after its rollback', async () => {
    const world = await World.create({ config: aConfig(canary) });
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    await world.fixTraffic(['web-1', 75], ['web-2', 25]);
    for (const revision of ['web-1', 'web-2', 'web-3']) world.cloud.users.set(revision, users(100));
    const build = world.deployByBuild('web-3');
    world.cloud.setBehaviour(world.ref, 'web-3', () =>
      hasWritten(world, 'web-3', 100) ? answers.unavailable() : answers.good(),
    );
    await world.finishBuild(build);
    expect(await world.spec()).toEqual([['web-1', 100]]);
    world.cloud.setBehaviour(world.ref, 'web-3', answers.good);
    world.cloud.writes.length = 0;
    await world.ask('web-3', 'rerun');
    expect(hasWritten(world, 'web-2', 24)).toBe(false);
    expect(hasWritten(world, 'web-3', 100)).toBe(true);
  });
});
