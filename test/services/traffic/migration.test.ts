import { expect, it } from '@jest/globals';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

it('older code gets no migrated schema: a deploy right after the migration is not rolled back beyond it', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  world.deployByBuild('web-2', { labels: { 'deploy-loop-migration': 'true' } });
  await world.clock.sleep(5_000);
  await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
  expect(await world.run('web-3')).toMatchObject({
    verdict: 'fail',
    alert: true,
    outcome: { code: 'migration' },
  });
  expect(await world.serving()).toEqual({ 'web-3': 100 });
});
