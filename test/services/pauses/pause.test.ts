import { describe, expect, it } from '@jest/globals';
import { pauseOf } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { atProbe } from '../../world/behaviours.ts';
import { aCanaryWorld } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const pause = (world: World) =>
  setControl(pauseOf(serviceKeyOf(world.ref)), { reason: 'looking', actor: 'ann' }, world.ports);
const resume = (world: World) => liftControl(pauseOf(serviceKeyOf(world.ref)), 'ann', world.ports);

/** Sweeps once a minute. @returns by how much `count` rose in each of the minutes */
async function sweepEachMinute(world: World, minutes: number, count: () => number): Promise<number[]> {
  const rises: number[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const before = count();
    await world.publish('sweep-stale-runs', {});
    await world.clock.sleep(60_000);
    rises.push(count() - before);
  }
  return rises;
}

describe('a pause', () => {
  it('has a step looked at once a minute, however often the sweep comes by', async () => {
    const world = await aCanaryWorld();
    let probes = 0;
    const count = () => {
      probes++;
      return answers.good();
    };
    const name = world.deployByBuild('web-2', { behaviour: atProbe(6, () => pause(world), count) });
    await world.publish('begin-validation', { kind: 'build', name });
    const rises = await sweepEachMinute(world, 60, () => probes);
    expect(Math.max(...rises.slice(20))).toBeLessThan(5);
    await resume(world);
    await world.bus.idle();
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('ends by itself after some hours of good and bad answers of both revisions, with no more facts than can be read at once', async () => {
    const world = await aCanaryWorld();
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    let probes = 0;
    const behaviour = () => {
      if (++probes === 6) void pause(world);
      // So that a broken guard comes to an end here.
      if (probes === 2_000) void resume(world);
      return probes > 6 && probes < 2_000 && probes % 2 ? answers.unavailable() : answers.good();
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'inconclusive',
      reasons: [{ code: 'deadline' }],
    });
    expect((await world.facts('web-2', 'step-1')).length).toBeLessThan(1_000);
  });

  it('does not multiply the messages of a run that waits for its revision past the deadline', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await pause(world);
    let messages = 0;
    world.intercept((_ports, hop) => {
      if (hop === 'check-health') messages++;
      // So that a broken guard comes to an end here.
      if (messages > 3_000) throw new Error('too many messages');
      return {};
    });
    const name = world.deployByBuild('web-2', { readiness: { kind: 'pending' } });
    await world.publish('begin-validation', { kind: 'build', name });
    const rises = await sweepEachMinute(world, 40, () => messages);
    expect(Math.max(...rises)).toBeLessThan(20);
  });
});
