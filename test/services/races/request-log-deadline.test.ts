import { describe, expect, it } from '@jest/globals';
import { TransientError } from '../../../shared/domain/errors.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const requestLog = { use: 'auto', window: '60s', lag: '30s', minimum: 20, errors: 5, windows: 2 } as const;
const watch = { for: '10m', minimum: '60s', interval: '10s' } as const;

async function aWorld(changes: object): Promise<World> {
  const world = await World.create({
    config: aConfig(aServiceConfig({ watch, requestLog: { ...requestLog, ...changes } })),
  });
  await world.deployGood('web-1');
  world.cloud.users.set('web-1', users(100));
  return world;
}

const rolledBack = { verdict: 'fail', reasons: [{ code: 'request-errors' }, { code: 'stable-good' }] };

describe('users get errors from the first to the last', () => {
  it.each([
    ['10m', 1],
    ['5m', 2],
    ['5m', 3],
  ])('rolls back with window %s and windows %d', async (window, windows) => {
    const world = await aWorld({ window, windows });
    world.cloud.users.set('web-2', users(100, 50));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject(rolledBack);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

describe('users get errors in the last window of the watch, and from then on', () => {
  it('rolls back though the log is away once when the window after the hold is read', async () => {
    const world = await aWorld({});
    let startMs: number | undefined;
    let failures = 0;
    world.cloud.users.set('web-2', ({ from, to }) => {
      startMs ??= from.getTime();
      const isLate = to.getTime() - startMs >= 600_000;
      if (to.getTime() - startMs > 600_000 && failures++ === 0) throw new TransientError('log is away');
      return users(100, isLate ? 50 : 0)({ from, to } as never);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject(rolledBack);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('(control) rolls back where the log can be read', async () => {
    const world = await aWorld({});
    let startMs: number | undefined;
    world.cloud.users.set('web-2', ({ from, to }) => {
      startMs ??= from.getTime();
      const isLate = to.getTime() - startMs >= 600_000;
      return users(100, isLate ? 50 : 0)({ from, to } as never);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject(rolledBack);
  });
});
