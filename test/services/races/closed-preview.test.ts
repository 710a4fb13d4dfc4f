import { describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

describe('under our pin, a preview of a branch whose tag is removed because the branch is given up', () => {
  it('gets no users: nobody has asked for that', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(3_600_000);
    const build = world.deployByBuild('web-3');
    const state = await world.cloud.getService(world.ref);
    world.cloud.editTraffic(world.ref, [
      ...(state?.traffic ?? []),
      { revision: 'web-3' as RevisionName, percent: 0, tag: 'pr-7' },
    ]);
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'preview' } });
    const later = await world.cloud.getService(world.ref);
    world.cloud.editTraffic(
      world.ref,
      (later?.traffic ?? []).filter(({ tag }) => tag !== 'pr-7'),
    );
    await sweepForMinutes(world, 5);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});
