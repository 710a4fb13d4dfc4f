import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

async function aWorld(startupGrace: string): Promise<World> {
  const health = { ...aServiceConfig().health, startupGrace };
  const world = await World.create({ config: aConfig(aServiceConfig({ health })) });
  await world.deployGood('web-1');
  return world;
}

describe('a revision that says 503 while it warms up', () => {
  it('is not rolled back within the grace that the config gives it', async () => {
    const world = await aWorld('30s');
    const warmMs = world.clock.monotonicMs() + 20_000;
    const behaviour = () => (world.clock.monotonicMs() < warmMs ? answers.unavailable() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['0s', 3],
    ['30s', 16],
  ])('and does not stop is rolled back once a grace of %s is over, at look %i', async (grace, looks) => {
    const world = await aWorld(grace);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.facts('web-2', 'health')).toHaveLength(looks);
  });
});
