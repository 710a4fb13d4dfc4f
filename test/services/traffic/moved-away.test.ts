import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const gate = aConfig(aServiceConfig({ mode: 'gate' }));
async function sweepMinutes(world: World, minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
}

describe('what a human moved users away from', () => {
  it('is a way back again once it serves again', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
    await act(world, 'pin', { revision: 'web-1' });
    await world.sweep();
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', movedAway: true });
    await act(world, 'unpin');
    await sweepMinutes(world, 1);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('is what a pin of web-1 gives back when it ends', async () => {
    const world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    await world.finishBuild(world.deployByBuild('web-2'));
    await act(world, 'pin', { revision: 'web-1' });
    await act(world, 'unpin');
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('leaves LATEST to the user, who had it before an earlier rollback too', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(7_200_000);
    await world.finishBuild(world.deployByBuild('web-3'));
    await act(world, 'rollback');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });
});
