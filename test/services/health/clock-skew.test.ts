import { describe, expect, it } from '@jest/globals';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const hour = 3_600_000;

/** Answers carry the platform's time, as Google's front end sends it. */
function dated(world: World, answer: () => ProbeAnswer): () => ProbeAnswer {
  return () => ({ ...answer(), headers: { date: world.clock.trueNow().toUTCString() } }) as ProbeAnswer;
}

describe.each([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
])('a guard whose clock is %s', (_how, skewMs) => {
  async function aWorld(): Promise<World> {
    const world = await World.create();
    await world.deployGood('web-1');
    world.clock.skewMs = skewMs;
    return world;
  }

  it('still puts traffic back', async () => {
    const world = await aWorld();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: dated(world, answers.unavailable) }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('does not take answers of the old revision for the new one while traffic spreads', async () => {
    const world = await aWorld();
    const propagationEnds = world.clock.monotonicMs() + 9_000;
    // Until then the old revision answers by the service URL, and it is good.
    const behaviour = dated(world, () =>
      world.clock.monotonicMs() < propagationEnds ? answers.good() : answers.unavailable(),
    );
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });
});
