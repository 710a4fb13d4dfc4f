import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../shared/contracts/document.ts';
import { freezeOf, outbox, pauseOf } from '../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../shared/domain/ids.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { liftControl, setControl } from '../../shared/services/records/set-control.ts';
import { sweepTags } from '../../shared/services/traffic/sweep-tags.ts';
import { aConfig, aServiceConfig } from '../builders.ts';
import { act, wish } from '../world/act-manually.ts';
import { atProbe } from '../world/behaviours.ts';
import { aCanaryWorld, canary, hasWritten } from '../world/canary-world.ts';
import { answers } from '../world/fake-cloud.ts';
import { users } from '../world/users.ts';
import { World } from '../world/world.ts';

const gate = aConfig(aServiceConfig({ mode: 'gate' }));
const at60 = [
  { percent: 5, hold: '2m' },
  { percent: 60, hold: '2m' },
  { percent: 100, hold: '2m' },
];

async function sweepMinutes(world: World, minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
}

/** A canary that has most of the traffic, and was held there for want of users. */
async function heldAt60(): Promise<World> {
  const world = await aCanaryWorld({ steps: at60 });
  world.cloud.users.set('web-2', (query) => users(hasWritten(world, 'web-2', 60) ? 2 : 50)(query));
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(await world.serving()).toEqual({ 'web-1': 40, 'web-2': 60 });
  return world;
}

describe('a canary that was held', () => {
  it('is taken no further by a run that may only record', async () => {
    const world = await heldAt60();
    world.cloud.users.set('web-2', users(50));
    expect(await world.ask('web-2', 'apply')).toBe(true);
    expect(await world.run('web-2', 2)).toMatchObject({ authority: 'record', action: 'hold' });
    expect(await world.serving()).toEqual({ 'web-1': 40, 'web-2': 60 });
  });

  it('is not tried for ever when Cloud Run refuses its next step', async () => {
    const world = await aCanaryWorld({ steps: at60 });
    world.cloud.users.set('web-2', (query) => {
      if (hasWritten(world, 'web-2', 60)) world.cloud.writeFaults.push({ kind: 'refused' });
      return users(50)(query);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepMinutes(world, 20);
    expect(await world.run('web-2', 4)).toBeUndefined();
  });

  it('goes no further by itself however long it is paused', async () => {
    const world = await aCanaryWorld();
    const pause = () =>
      setControl(pauseOf(serviceKeyOf(world.ref)), { reason: 'looking', actor: 'ann' }, world.ports);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: atProbe(6, pause) }));
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    expect(await world.run('web-2')).toMatchObject({
      reasons: [{ code: 'paused' }],
      action: 'hold',
      alert: true,
    });
  });

  it('begins with what serves when it is run again after its rollback', async () => {
    const world = await World.create({ config: aConfig(canary) });
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    await world.fixTraffic(['web-1', 75], ['web-2', 25]);
    for (const revision of ['web-1', 'web-2', 'web-3']) world.cloud.users.set(revision, users(100));
    const build = world.deployByBuild('web-3');
    world.cloud.setBehaviour(world.ref, 'web-3', () =>
      hasWritten(world, 'web-3', 100) ? answers.unavailable() : answers.good(),
    );
    await world.finishBuild(build);
    expect(await world.spec()).toEqual([['web-1', 100]]);
    world.cloud.setBehaviour(world.ref, 'web-3', answers.good);
    world.cloud.writes.length = 0;
    await world.ask('web-3', 'rerun');
    expect(hasWritten(world, 'web-2', 24)).toBe(false);
    expect(hasWritten(world, 'web-3', 100)).toBe(true);
  });
});

describe('what a human moved users away from', () => {
  it('is a way back again once it serves again', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
    await act(world, 'pin', { revision: 'web-1' });
    await world.sweep();
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', movedAway: true });
    await act(world, 'unpin');
    await sweepMinutes(world, 1);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('is what a pin of web-1 gives back when it ends', async () => {
    const world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    await world.finishBuild(world.deployByBuild('web-2'));
    await act(world, 'pin', { revision: 'web-1' });
    await act(world, 'unpin');
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('leaves LATEST to the user, who had it before an earlier rollback too', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(7_200_000);
    await world.finishBuild(world.deployByBuild('web-3'));
    await act(world, 'rollback');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });
});

describe('what a dead process left behind', () => {
  it('keeps no rollback waiting: a change by hand is finished by whoever meets it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
    const effectId = await wish(world, 'pin');
    let died = false;
    world.intercept((ports, hop): Partial<Ports> => {
      if (hop !== 'route-traffic' || died) return {};
      const run = world.cloudPort();
      const updateTraffic: typeof run.updateTraffic = async (...args) => {
        await run.updateTraffic(...args);
        died = true;
        return new Promise(() => {});
      };
      return { ...ports, run: { ...run, updateTraffic } };
    });
    void world.publish('route-traffic', { effectId });
    while (!died) await world.clock.sleep(100);
    await world.clock.sleep(24 * 3_600_000);
    void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-3') });
    const stateOf = async () => (await world.store.get(documentIn(outbox, effectId)))?.data.state;
    // An hour is far more than it takes: without a bound, an effect that nobody finishes would never fail here.
    for (let second = 0; second < 3_600 && (await stateOf()) === 'open'; second++)
      await world.clock.sleep(1_000);
    expect(await stateOf()).not.toBe('open');
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-2' });
  });

  it('tells a human when a promotion may have been made', async () => {
    const world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    const after = () => {
      world.cloud.dropAnnotations(world.ref);
      world.cloud.bump(world.ref, { generation: true });
    };
    // The first write is the tag.
    const lose = () => world.cloud.writeFaults.push({ kind: 'lost-answer', after });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: atProbe(1, lose) }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'unknown-outcome' }, alert: true });
  });

  it('are no tags: what a freeze kept from being removed goes when it is lifted', async () => {
    const world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    await world.finishBuild(world.deployByBuild('web-2'));
    const freeze = freezeOf(serviceKeyOf(world.ref));
    await setControl(freeze, { reason: 'release', actor: 'ann' }, world.ports);
    const state = await world.cloud.getService(world.ref);
    if (state) await sweepTags(state, world.runIdOf('web-2'), world.ports);
    await world.bus.idle();
    expect(await world.tags()).toHaveLength(2);
    await liftControl(freeze, 'ann', world.ports);
    await sweepMinutes(world, 1);
    expect((await world.tags()).map((target) => target.tag)).toEqual(['deploy-loop-stable']);
  });
});
