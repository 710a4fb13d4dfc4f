import { expect, it } from '@jest/globals';
import { deliverInProcess } from '../../../shared/runtime/deliver.ts';
import { World } from '../../world/world.ts';

it('what a process decided in place, and died before it told anybody, is done when its message comes again', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  let isLost = false;
  world.bus.connect(async (hop, message) => {
    if (hop === 'route-traffic' && !isLost) {
      isLost = true;
      return;
    }
    await deliverInProcess(hop, message, world.ports);
  });
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'pass' });
  expect((await world.service())?.lastGood[0]?.revision).toBe('web-1');
  await world.publish('check-health', { runId: world.runIdOf('web-2') });
  await world.bus.idle();
  expect((await world.service())?.lastGood[0]?.revision).toBe('web-2');
});
