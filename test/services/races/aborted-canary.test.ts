import { beforeEach, describe, expect, it } from '@jest/globals';
import { abortOf } from '../../../shared/contracts/records.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { atProbe } from '../../world/behaviours.ts';
import { aCanaryWorld, hasWritten } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import type { World } from '../../world/world.ts';

const request = { reason: 'bad look', actor: 'ann' };

describe('a canary that was aborted, and whose share is back', () => {
  let world: World;

  beforeEach(async () => {
    world = await aCanaryWorld();
    const third = atProbe(3, () => setControl(abortOf(world.runIdOf('web-2')), request, world.ports));
    const behaviour = () => (hasWritten(world, 'web-2', 5) ? third() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'aborted' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await sweepForMinutes(world, 2);
  });

  it('is left alone when a person gives it the same share again by hand', async () => {
    const writes = world.cloud.writes.length;
    await world.fixTraffic(['web-1', 95], ['web-2', 5]);
    await sweepForMinutes(world, 5);
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    expect(world.cloud.writes.length).toBe(writes);
  });

  it.each([
    [60, 40],
    [40, 60],
  ])(
    'keeps no other revision from being validated when people give it %d %% by hand, and that one %d %%',
    async (own, other) => {
      world.cloud.deploy(world.ref, 'web-3');
      await world.fixTraffic(['web-2', own], ['web-3', other]);
      await sweepForMinutes(world, 20);
      expect(await world.run('web-3')).toBeDefined();
    },
  );
});
