import { expect, it } from '@jest/globals';
import { abortOf } from '../../../shared/contracts/records.ts';
import { deliverInProcess } from '../../../shared/runtime/deliver.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

it('an abort that comes when the rollback is being verified ends nothing, and takes few messages', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  await world.finishBuild(world.deployByBuild('web-2'));
  await world.clock.sleep(3_600_000);
  let messages = 0;
  world.bus.connect(async (hop, message) => {
    messages++;
    if (messages > 60) return;
    await deliverInProcess(hop, message, world.ports);
  });
  const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
  await world.fixTraffic(['web-1', 40], ['web-2', 20], ['web-3', 40]);
  world.cloud.setBehaviour(world.ref, 'web-2', () => {
    void world.run('web-3').then((run) => {
      if (run?.stage !== 'reverify') return;
      void setControl(abortOf(world.runIdOf('web-3')), { reason: 'x', actor: 'ann' }, world.ports);
    });
    return answers.good();
  });
  await world.finishBuild(build);
  expect(await world.serving()).toEqual({ 'web-1': 40, 'web-2': 60 });
  expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'restored' } });
  expect(messages).toBeLessThan(30);
});
