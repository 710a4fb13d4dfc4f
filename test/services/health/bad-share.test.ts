import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig, type ServiceChanges } from '../../builders.ts';
import { answers, type Behaviour } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;

async function aWorld(watch: ServiceChanges['watch'] = { for: '10m', minimum: '60s' }): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ watch })) });
  await world.deployGood('web-1');
  return world;
}

/** Bad at each n-th probe. */
function badAtEach(n: number): Behaviour {
  let probes = 0;
  return () => (++probes % n === 0 ? answers.unavailable() : answers.good());
}

describe('a watch of a revision that fails now and then', () => {
  it('does not make one good that fails a quarter of its probes', async () => {
    const world = await aWorld();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: badAtEach(4) }));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      verdict: 'fail',
      action: 'rollback',
      reasons: [{ code: 'flapping', text: expect.stringMatching(/^3 of \d+ probes failed/) }, {}],
    });
    expect((await world.service())?.lastGood.map(({ revision }) => revision)).toEqual(['web-1']);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('takes a share for too large where the config says so', async () => {
    const world = await aWorld({ for: '10m', minimum: '60s', badShare: 40 });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: badAtEach(4) }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('does not blame it for what stable fails at the same looks', async () => {
    const world = await aWorld();
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: badAtEach(4) }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('of 75 minutes still sees that it is dead, and rolls back within a minute', async () => {
    const world = await aWorld({ for: '75m', minimum: '60s' });
    const diesMs = world.clock.monotonicMs() + 70 * minute;
    const rarely = badAtEach(20);
    const behaviour = () => (world.clock.monotonicMs() < diesMs ? rarely() : answers.unavailable());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    const decided = await world.decision('web-2', 'watch');
    expect((decided?.at.getTime() ?? 0) - diesMs).toBeLessThan(minute);
  });
});
