import { describe, expect, it } from '@jest/globals';
import type { ServiceConfig } from '../../../shared/contracts/config.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers, type Behaviour, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const { health } = aServiceConfig();

function asksToWait(status: number, seconds: string): Behaviour {
  const answer = respond(status, '{"status":"loading"}');
  return () => (answer.kind === 'answer' ? { ...answer, headers: { 'retry-after': seconds } } : answer);
}

/** A deploy that answers `first` until a look at it is recorded, then `then`. @returns seconds between its first two looks */
async function deploy(world: World, first: Behaviour, then: Behaviour = first): Promise<number> {
  let isSeen = false;
  world.intercept(({ store }) => ({
    store: aroundStore(store, {
      commit: async (writes) => {
        await store.commit(writes);
        isSeen ||= writes.some(({ ref }) => ref.collection.path.endsWith('/health'));
      },
    }),
  }));
  const behaviour: Behaviour = (request) => (isSeen ? then : first)(request);
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  const [one, two] = await world.facts('web-2', 'health');
  return ((two?.at.getTime() ?? 0) - (one?.at.getTime() ?? 0)) / 1000;
}

async function aWorld(changes: Partial<ServiceConfig> = {}): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig(changes)) });
  await world.deployGood('web-1');
  return world;
}

describe('Retry-After of a revision', () => {
  it.each([
    ['12', 12],
    ['3600', 30],
    ['0', 2],
    ['Mon, 02 Mar 2026 09:00:00 GMT', 2],
  ])('without users that loads is heeded within bounds: %s', async (value, seconds) => {
    const world = await aWorld({ mode: 'gate' });
    await world.fixTraffic(['web-1', 100]);
    expect(await deploy(world, asksToWait(503, value), answers.good)).toBeCloseTo(seconds, 0);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('with users is heeded while the user has given it time to start', async () => {
    const world = await aWorld({ health: { ...health, startupGrace: '60s' } });
    expect(await deploy(world, asksToWait(503, '12'), answers.good)).toBeCloseTo(12, 0);
  });

  it('that users get a 503 of delays no rollback', async () => {
    const world = await aWorld();
    expect(await deploy(world, asksToWait(503, '12'))).toBeCloseTo(2, 0);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('that limits the rate is heeded, so that the looks alone are no reason for a rollback', async () => {
    const world = await aWorld();
    expect(await deploy(world, asksToWait(429, '25'), answers.good)).toBeCloseTo(25, 0);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('that answers 429 to everybody all the same is rolled back', async () => {
    const world = await aWorld();
    await deploy(world, asksToWait(429, '25'));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});
