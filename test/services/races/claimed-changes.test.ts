import { describe, expect, it } from '@jest/globals';
import { UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { answers } from '../../world/fake-cloud.ts';
import { onTrafficWrites } from '../../world/on-traffic-writes.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;

describe('a rollback whose write never arrived', () => {
  it('does not claim what a human did by the console, and promotes nothing over it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    // Its mark-good leaves a mark: a write of ours that lands replaces it, the console keeps it.
    await world.finishBuild(world.deployByBuild('web-2'));
    const markBefore = (await world.cloud.getService(world.ref))?.annotations['deploy-loop-effect'];
    expect(markBefore).toBeDefined();
    await world.clock.sleep(60 * minute);
    let dropped = false;
    onTrafficWrites(world, async (send, ref, change) => {
      const isRollback = change.traffic.some((t) => t.revision === 'web-2' && t.percent === 100);
      if (dropped || !isRollback) return send(ref, change);
      dropped = true;
      world.cloud.editTraffic(world.ref, [
        { revision: 'web-2' as RevisionName, percent: 100 },
        ...(await world.tags()),
      ]);
      throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
    });
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(dropped).toBe(true);
    expect((await world.service())?.pin).toBeUndefined();
    await world.clock.sleep(60 * minute);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
