import { describe, expect, it } from '@jest/globals';
import { abortOf, freezeOf } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aCanaryWorld, hasWritten } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const request = { reason: 'bad look', actor: 'ann' };

describe('a canary that is aborted, and its service frozen, between the decision for a rollback and the write', () => {
  it('gives its share back when the freeze ends, and is not begun again', async () => {
    const world = await aCanaryWorld();
    world.cloud.users.set('web-2', users(50, 10));
    const freeze = freezeOf(serviceKeyOf(world.ref));
    const run = world.cloudPort();
    world.intercept((_ports, hop) => {
      const getService: typeof run.getService = async (ref) => {
        if (hop === 'route-traffic' && (await world.decision('web-2', 'step-1'))) {
          await setControl(abortOf(world.runIdOf('web-2')), request, world.ports);
          await setControl(freeze, request, world.ports);
        }
        return run.getService(ref);
      };
      return { run: { ...run, getService } };
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({ action: 'rollback' });
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    world.intercept(() => ({}));
    world.cloud.users.set('web-2', users(100));
    await liftControl(freeze, 'ann', world.ports);
    await sweepForMinutes(world, 5);
    expect(await world.run('web-2', 2)).toBeUndefined();
    expect(hasWritten(world, 'web-2', 50)).toBe(false);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

describe('in mode guard, a run that is aborted between the decision for a rollback and the write', () => {
  it('is not begun again by the sweep: who cancelled it does not want it repeated', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const run = world.cloudPort();
    world.intercept((_ports, hop) => {
      const getService: typeof run.getService = async (ref) => {
        if (hop === 'route-traffic' && (await world.decision('web-2', 'health')))
          await setControl(abortOf(world.runIdOf('web-2')), request, world.ports);
        return run.getService(ref);
      };
      return { run: { ...run, getService } };
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'rollback' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    world.intercept(() => ({}));
    await sweepForMinutes(world, 5);
    expect(await world.run('web-2', 2)).toBeUndefined();
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.service()).toMatchObject({ alarm: { revision: 'web-2' } });
  });
});
