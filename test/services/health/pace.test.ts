import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { healthOf } from '../../../shared/contracts/records.ts';
import { create } from '../../../shared/ports/store.ts';
import { healthIdOf, loadHealthFacts } from '../../../shared/services/health/load-health-facts.ts';
import { aConfig, aFact, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;

async function aWorld(watchedFor: string): Promise<World> {
  const config = aConfig(aServiceConfig({ watch: { for: watchedFor, minimum: '60s' } }));
  const world = await World.create({ config });
  await world.deployGood('web-1');
  return world;
}

describe.each([
  ['ahead of', minute],
  ['behind', -minute],
])('a machine whose clock is a minute %s that of the store', (_how, skewMs) => {
  it('looks as often as the config says, and at no other time, however often the sweep comes by', async () => {
    const world = await aWorld('4m');
    const { clock } = world;
    const lookedMs: number[] = [];
    world.intercept((ports) => ({
      clock: {
        now: () => new Date(clock.now().getTime() + skewMs),
        monotonicMs: () => clock.monotonicMs(),
        sleep: (ms: number) => clock.sleep(ms),
      },
      prober: {
        probe: async (request) => {
          if (!request.url.includes('---')) lookedMs.push(clock.monotonicMs());
          await clock.sleep(50);
          return ports.prober.probe(request);
        },
      },
    }));
    void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-2') });
    for (let n = 0; n < 5; n++) {
      await clock.sleep(minute);
      await world.publish('sweep-stale-runs', {});
    }
    await world.bus.idle();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    const watch = await world.facts('web-2', 'watch');
    const inWatch = lookedMs.slice(-watch.length);
    expect(watch.length).toBeGreaterThan(20);
    const pauses = inWatch.slice(1).map((ms, n) => ms - (inWatch[n] ?? 0));
    expect([Math.min(...pauses), Math.max(...pauses)]).toEqual([10_050, 10_050]);
  });
});

describe('the looks of a long watch', () => {
  it('are all read, also where they are more than a page of the store', async () => {
    const world = await aWorld('10m');
    const runId = world.runIdOf('web-2');
    const looks = 1_203;
    const writes = Array.from({ length: looks }, (_, n) =>
      create(documentIn(healthOf(runId), healthIdOf('watch', n)), { ...aFact(n), stage: 'watch' }),
    );
    for (let from = 0; from < looks; from += 100) await world.store.commit(writes.slice(from, from + 100));
    const facts = await loadHealthFacts(world.store, runId, 'watch');
    expect(facts.map(({ n }) => n)).toEqual(Array.from({ length: looks }, (_, n) => n));
  });

  it('stay below a page where bad answers of both revisions have the guard hurry', async () => {
    const world = await aWorld('75m');
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    let probes = 0;
    const behaviour = () => (++probes < 5 || probes % 3 === 0 ? answers.good() : answers.unavailable());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ reasons: [{ code: 'deadline' }] });
    expect((await world.facts('web-2', 'watch')).length).toBeLessThan(700);
  });
});
