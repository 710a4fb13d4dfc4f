import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Mode } from '../../../shared/domain/stages.ts';
import { act } from '../../world/act-manually.ts';
import { atProbe, goodUntil } from '../../world/behaviours.ts';
import { aCanaryWorld } from '../../world/canary-world.ts';
import { users } from '../../world/users.ts';
import type { World } from '../../world/world.ts';

const hour = 3_600_000;

describe('by hand on a canary service', () => {
  let world: World;

  beforeEach(async () => {
    world = await aCanaryWorld();
  });

  async function failCanary(revision: string): Promise<void> {
    world.cloud.users.set(revision, users(50, 10));
    await world.finishBuild(world.deployByBuild(revision));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  }

  it('what a human went back from is not what a failed canary gives its share to', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(hour);
    await act(world, 'rollback');
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await failCanary('web-3');
  });

  it('the share goes back also when the revision that a human went back from is deleted', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(hour);
    await act(world, 'rollback');
    const kept = (await world.cloud.getService(world.ref))?.traffic.filter((t) => t.revision !== 'web-2');
    world.cloud.editTraffic(world.ref, kept ?? []);
    world.cloud.deleteRevision(world.ref, 'web-2');
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: goodUntil(9) }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('a rollback in a step leaves no way back to the share, and blames no good revision', async () => {
    const behaviour = atProbe(6, () => act(world, 'rollback', { revision: 'web-1' }));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    const pin = (await world.service())?.pin;
    expect(pin?.bad).toBeUndefined();
    expect(pin?.before.filter((target) => target.percent > 0)).toEqual([{ revision: 'web-1', percent: 100 }]);
  });

  it('a promotion after a failed canary gives all traffic', async () => {
    await failCanary('web-2');
    world.cloud.deploy(world.ref, 'web-3');
    expect(await act(world, 'promote', { revision: 'web-3', force: true })).toMatchObject({ state: 'done' });
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('there is nothing to unpin after a failed canary', async () => {
    await failCanary('web-2');
    expect(await act(world, 'unpin')).toMatchObject({ state: 'skipped', outcome: { code: 'not-pinned' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it.each<Mode>(['canary', 'gate'])(
    'there is nothing to unpin a second time in mode %s: nobody gets a revision that nobody promoted',
    async (mode) => {
      world = await aCanaryWorld({ mode });
      await act(world, 'pin');
      await world.finishBuild(world.deployByBuild('web-2'));
      expect(await act(world, 'unpin')).toMatchObject({ state: 'done' });
      expect(await act(world, 'unpin')).toMatchObject({ state: 'skipped', outcome: { code: 'not-pinned' } });
      expect(await world.serving()).toEqual({ 'web-1': 100 });
    },
  );
});
