import { expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const name = (text: string) => text as RevisionName;

/** A human gives a revision traffic by hand; the sweep's second look on it rolls back over the human. */
it('does not move what a human gave traffic at any later sweep', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  world.cloud.editTraffic(world.ref, [{ revision: name('web-1'), percent: 100 }, ...(await world.tags())]);
  await world.finishBuild(world.deployByBuild('web-2'));
  world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
  world.cloud.editTraffic(world.ref, [{ revision: name('web-2'), percent: 100 }, ...(await world.tags())]);
  for (let n = 0; n < 10; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
  expect(await world.run('web-2', 2)).toMatchObject({ authority: 'record', verdict: 'fail', action: 'none' });
  expect((await world.run('web-2', 3))?.authority).toBe('record');
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

it('does not roll back what a human forced with deploy-loop promote after our rollback', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  expect(await world.serving()).toEqual({ 'web-1': 100 });
  await world.clock.sleep(3_600_000);
  await act(world, 'promote', { revision: 'web-2', force: true });
  expect(await world.serving()).toEqual({ 'web-2': 100 });
  for (let n = 0; n < 30; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});
