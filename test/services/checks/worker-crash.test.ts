import { describe, expect, it } from '@jest/globals';
import { type ShardRecord, shardsOf } from '../../../shared/contracts/records.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import { CrashingWorld } from '../../world/crashing-world.ts';
import type { Answer } from '../../world/fake-checks.ts';

/** Enough for every call of a whole run; the last ones are never reached, and prove it. */
const beyondTheEnd = 600;
const maxSweeps = 10;
const sweepMs = 60_000;
/** Far more than it takes anywhere. */
const patienceMs = 180_000;

const checks = ['a', 'b', 'c', 'd', 'e'];
const config = aConfig(
  aServiceConfig({
    suites: [aSuite({ priority: 'P1', checks, timeout: '1s', suiteTimeout: '10s' })],
    tests: { ...aServiceConfig().tests, workers: 2 },
  }),
);

const stories: readonly (readonly [string, (id: string, revision: string) => Answer, object, object])[] = [
  ['recorded as good when all pass', () => undefined, { 'web-2': 100 }, { verdict: 'pass' }],
  [
    'rolled back when one fails here only',
    (id, revision) => (id === 'c' && revision === 'web-2' ? { outcome: 'failed' } : undefined),
    { 'web-1': 100 },
    { verdict: 'fail', outcome: { code: 'restored' } },
  ],
  [
    'left alone when one fails on stable too',
    (id) => (id === 'c' ? { outcome: 'failed' } : undefined),
    { 'web-2': 100 },
    { verdict: 'inconclusive', reasons: [{ code: 'known-failures' }] },
  ],
];

describe.each(['before', 'after'] as const)(
  'a process of stage tests that dies %s any one of its calls',
  (when) => {
    it.each(stories)(
      'leaves a deploy %s all the same',
      async (_what, answer, serving, run) => {
        let crashes = 0;
        for (let nth = 1; nth <= beyondTheEnd; nth++) {
          const world = await CrashingWorld.create({ nth, when, config });
          world.checks.answer = ({ id, revision }) => answer(id, revision);
          await world.deployGood('web-1');
          world.arm();
          await world.finishBuild(world.deployByBuild('web-2'));
          let sweeps = 0;
          for (; sweeps < maxSweeps && (await world.run('web-2'))?.state !== 'closed'; sweeps++) {
            await world.clock.sleep(sweepMs);
            await world.sweep();
          }
          if (world.crashed) crashes++;
          const shards = await world.store.find({
            collection: shardsOf(world.runIdOf('web-2')),
            where: [],
            limit: 100,
          });
          expect({
            nth,
            call: world.crashedAt,
            sweeps,
            serving: await world.serving(),
            run: await world.run('web-2'),
            settled: settlementsOf(shards.map(({ data }) => data)),
          }).toMatchObject({ nth, serving, run: { state: 'closed', ...run } });
          // Past its last call nothing can die any more.
          if (!world.crashed) break;
        }
        expect(crashes).toBeGreaterThan(60);
        expect(crashes).toBeLessThan(beyondTheEnd);
      },
      patienceMs,
    );
  },
);

function settlementsOf(shards: readonly ShardRecord[]): readonly string[] {
  return shards.flatMap((shard) => shard.checks.map(({ settlement }) => settlement));
}
