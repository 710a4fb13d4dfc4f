import { describe, expect, it } from '@jest/globals';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

describe('the loop', () => {
  it('puts traffic back on the last good revision when the new one answers 503, and re-verifies it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));

    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'fail',
      action: 'rollback',
      outcome: { code: 'restored' },
    });
    expect(await world.service()).toMatchObject({
      pin: { target: 'web-1', bad: 'web-2' },
      rollbacks: [{ from: 'web-2', to: 'web-1' }],
    });
    expect(world.cloud.writes).toHaveLength(1);
  });

  it('records a healthy revision as good and leaves its marks on the service', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));

    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'pass', action: 'mark-good' });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-2', 'web-1']);
    const state = await world.cloud.getService(world.ref);
    expect(state?.annotations['deploy-loop-last-good']).toMatch(/^web-2 /);
    expect(state?.traffic).toEqual([
      { percent: 100 },
      { revision: 'web-2', percent: 0, tag: 'deploy-loop-stable' },
    ]);
  });
});
