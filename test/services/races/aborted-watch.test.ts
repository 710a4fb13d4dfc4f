import { describe, expect, it } from '@jest/globals';
import { abortOf } from '../../../shared/contracts/records.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { aCanaryWorld } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const request = { reason: 'enough seen', actor: 'ann' };
const watch = { for: '5m', minimum: '60s', interval: '10s' } as const;

async function aGate(): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ mode: 'gate', watch })) });
  await world.deployGood('web-1');
  await world.fixTraffic(['web-1', 100]);
  return world;
}

/** Aborts web-2's run at its third look in stage watch. */
async function abortInWatch(world: World): Promise<void> {
  const behaviour = () => {
    void world.facts('web-2', 'watch').then((facts) => {
      if (facts.length === 3) return setControl(abortOf(world.runIdOf('web-2')), request, world.ports);
      return undefined;
    });
    return answers.good();
  };
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  expect(await world.decision('web-2', 'watch')).toMatchObject({
    action: 'none',
    reasons: [{ code: 'aborted' }],
  });
  expect(await world.serving()).toEqual({ 'web-2': 100 });
}

describe('a run that is aborted while its revision is watched, which leaves traffic alone', () => {
  it.each([
    ['gate', aGate],
    ['canary', () => aCanaryWorld()],
  ])('has no traffic moved by the sweep afterwards: %s', async (_mode, create) => {
    const world = await create();
    await abortInWatch(world);
    await sweepForMinutes(world, 5);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
