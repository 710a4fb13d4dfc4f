import { describe, expect, it } from '@jest/globals';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const hour = 3_600_000;

/** With a fixed name, as Terraform's template gives it, or as a service that was deleted has had it. */
describe('a revision that is made anew under the name of a good one', () => {
  it('is not what a rollback goes to', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deleteRevision(world.ref, 'web-1');
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-1');
    await world.clock.sleep(60_000);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', alert: true });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('is validated when its build ends, and rolled back', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(hour);
    world.cloud.deleteRevision(world.ref, 'web-2');
    await world.clock.sleep(hour);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is found by the sweep where no build tells of it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    world.cloud.deleteRevision(world.ref, 'web-2');
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await sweepForMinutes(world, 1);
    expect(await world.run('web-2', 2)).toMatchObject({ openedBy: 'sweep', outcome: { code: 'restored' } });
  });

  it.each([
    ['a rollback', 'rollback', undefined],
    ['a rollback that names it', 'rollback', 'web-1'],
    ['a pin', 'pin', 'web-1'],
  ] as const)('gets no users by hand before it is validated: %s', async (_what, kind, revision) => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    world.cloud.deleteRevision(world.ref, 'web-1');
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-1', { behaviour: answers.unavailable });
    await world.fixTraffic(['web-2', 100]);
    const named = revision === undefined ? {} : { revision };
    expect(await act(world, kind, named)).toMatchObject({ state: 'skipped' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('is validated when the config is applied', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deleteRevision(world.ref, 'web-1');
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-1', { behaviour: answers.unavailable });
    expect(await world.ask('web-1', 'apply')).toBe(true);
  });
});
