import { describe, expect, it } from '@jest/globals';
import { CrashingWorld } from '../world/crashing-world.ts';
import { answers } from '../world/fake-cloud.ts';

/** Enough for every store and API call of a whole run; the last ones are never reached, and prove it. */
const beyondTheEnd = 120;

describe.each(['before', 'after'] as const)('a process that dies %s any one of its calls', (when) => {
  it.each([
    [
      'rolled back',
      answers.unavailable,
      { 'web-1': 100 },
      { verdict: 'fail', outcome: { code: 'restored' } },
    ],
    ['recorded as good', answers.good, { 'web-2': 100 }, { verdict: 'pass' }],
  ])(
    'leaves a deploy %s all the same, with one write and no sweeper',
    async (_what, behaviour, serving, run) => {
      let crashes = 0;
      for (let nth = 1; nth <= beyondTheEnd; nth++) {
        const world = await CrashingWorld.create({ nth, when });
        await world.deployGood('web-1');
        world.arm();
        await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
        if (world.crashed) crashes++;
        expect({ nth, call: world.crashedAt, serving: await world.serving() }).toEqual({
          nth,
          call: world.crashedAt,
          serving,
        });
        expect({ nth, call: world.crashedAt, run: await world.run('web-2') }).toMatchObject({
          nth,
          run: { state: 'closed', ...run },
        });
        expect({ nth, call: world.crashedAt, writes: world.cloud.writes.length }).toEqual({
          nth,
          call: world.crashedAt,
          writes: 1,
        });
      }
      expect(crashes).toBeGreaterThan(20);
      expect(crashes).toBeLessThan(beyondTheEnd);
    },
  );
});
