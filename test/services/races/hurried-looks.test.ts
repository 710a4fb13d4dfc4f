import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

describe('users whose errors come and go, and stay in the end', () => {
  it.each(['10s', '30s', '60s'])('get the stable revision back, at a pace of %s', async (interval) => {
    const watch = { for: '60m', minimum: '60s', interval };
    const world = await World.create({ config: aConfig(aServiceConfig({ watch })) });
    await world.deployGood('web-1');
    world.cloud.users.set('web-1', users(100));
    let startMs: number | undefined;
    world.cloud.users.set('web-2', (query) => {
      startMs ??= query.from.getTime();
      const minute = Math.floor((query.from.getTime() - startMs) / 60_000);
      // A bad minute now and then, and from minute 40 on all are bad.
      return users(100, minute >= 40 || minute % 5 === 0 ? 50 : 0)(query);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      verdict: 'fail',
      reasons: [{ code: 'request-errors' }, { code: 'stable-good' }],
    });
  });
});
