import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { CrashingWorld } from '../../world/crashing-world.ts';
import { answers, type Behaviour } from '../../world/fake-cloud.ts';

/** Enough for every store and API call of a whole run; the last ones are never reached, and prove it. */
const beyondTheEnd = 400;

const gate = aConfig(aServiceConfig({ mode: 'gate' }));
const canary = aConfig(
  aServiceConfig({
    mode: 'canary',
    steps: [
      { percent: 10, hold: '0s' },
      { percent: 100, hold: '0s' },
    ],
    requestLog: { ...aServiceConfig().requestLog, use: 'off' },
  }),
);

interface Story {
  readonly config?: typeof gate;
  readonly behaviour: Behaviour;
  /** What has happened before the deploy; the process dies after it only. */
  prepare?(world: CrashingWorld): Promise<void>;
  readonly serving: object;
  readonly run: object;
  /** Writes of the whole run. */
  readonly writes: number;
}

const fixed = (world: CrashingWorld) => world.fixTraffic(['web-1', 100]);
const pinned = async (world: CrashingWorld) => {
  await world.finishBuild(world.deployByBuild('web-bad', { behaviour: answers.unavailable }));
  await world.clock.sleep(3_600_000);
};

const stories: Readonly<Record<string, Story>> = {
  'rolled back': {
    behaviour: answers.unavailable,
    serving: { 'web-1': 100 },
    run: { verdict: 'fail', outcome: { code: 'restored' } },
    writes: 1,
  },
  'recorded as good': {
    behaviour: answers.good,
    serving: { 'web-2': 100 },
    run: { verdict: 'pass' },
    writes: 1,
  },
  'promoted through the gate': {
    config: gate,
    behaviour: answers.good,
    prepare: fixed,
    serving: { 'web-2': 100 },
    run: { verdict: 'pass', action: 'promote' },
    writes: 3,
  },
  'taken up the steps of a canary': {
    config: canary,
    behaviour: answers.good,
    prepare: fixed,
    serving: { 'web-2': 100 },
    run: { verdict: 'pass', action: 'step' },
    writes: 4,
  },
  'given the traffic that a rollback had fixed': {
    behaviour: answers.good,
    prepare: pinned,
    serving: { 'web-2': 100 },
    run: { verdict: 'pass', action: 'promote' },
    writes: 3,
  },
};

describe.each(['before', 'after'] as const)('a process that dies %s any one of its calls', (when) => {
  it.each(Object.entries(stories))(
    'leaves a deploy %s all the same, with as many writes and no sweeper',
    async (_what, story) => {
      let crashes = 0;
      for (let nth = 1; nth <= beyondTheEnd; nth++) {
        const world = await CrashingWorld.create({
          nth,
          when,
          ...(story.config ? { config: story.config } : {}),
        });
        await world.deployGood('web-1');
        await story.prepare?.(world);
        const writesBefore = world.cloud.writes.length;
        world.arm();
        await world.finishBuild(world.deployByBuild('web-2', { behaviour: story.behaviour }));
        if (world.crashed) crashes++;
        expect({
          nth,
          call: world.crashedAt,
          serving: await world.serving(),
          writes: world.cloud.writes.length - writesBefore,
          run: await world.run('web-2'),
        }).toMatchObject({
          nth,
          serving: story.serving,
          writes: story.writes,
          run: { state: 'closed', ...story.run },
        });
        // Past its last call nothing can die any more.
        if (!world.crashed) break;
      }
      expect(crashes).toBeGreaterThan(20);
      expect(crashes).toBeLessThan(beyondTheEnd);
    },
    // A world for each call that can be the last.
    120_000,
  );
});
