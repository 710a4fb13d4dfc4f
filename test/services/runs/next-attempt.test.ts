import { describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const name = (text: string) => text as RevisionName;
const hour = 3_600_000;

async function aWorld(): Promise<World> {
  const world = await World.create();
  await world.deployGood('web-1');
  return world;
}

/** Traffic as a person sets it, every tag kept. */
async function give(world: World, revision?: string): Promise<void> {
  world.cloud.editTraffic(world.ref, [
    { revision: revision === undefined ? undefined : name(revision), percent: 100 },
    ...(await world.tags()),
  ]);
}

describe('a revision that is judged again', () => {
  it('is no target any more once it was judged bad', async () => {
    const world = await aWorld();
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(hour);
    world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
    await world.ask('web-2', 'guard');
    expect(await world.serving()).toEqual({ 'web-1': 100 });

    await world.clock.sleep(hour);
    world.cloud.setBehaviour(world.ref, 'web-2', answers.good);
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    await give(world);
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is left to the human who put it back, however often the old request is delivered', async () => {
    const world = await aWorld();
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.clock.sleep(hour);
    const request = {
      kind: 'revision',
      ref: world.ref,
      revision: name('web-2'),
      openedBy: 'apply',
      attempt: 1,
    } as const;
    await world.publish('begin-validation', request);
    await world.bus.idle();
    expect(await world.serving()).toEqual({ 'web-1': 100 });

    await world.clock.sleep(hour);
    await give(world, 'web-2');
    await world.publish('begin-validation', request);
    await world.bus.idle();
    await world.ask('web-2', 'apply');
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(world.cloud.writes).toHaveLength(1);
  });

  it('is never rolled forward to a newer one that a human has left', async () => {
    const world = await aWorld();
    await world.finishBuild(world.deployByBuild('web-2'));
    const writes = world.cloud.writes.length;
    await give(world, 'web-1');
    await world.clock.sleep(hour);
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    await world.ask('web-1', 'apply');
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(world.cloud.writes).toHaveLength(writes);
  });

  it('is judged once it has traffic, if it was only seen without any', async () => {
    const world = await aWorld();
    world.cloud.editTraffic(world.ref, [{ revision: name('web-1'), percent: 100 }, ...(await world.tags())]);
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.run('web-3')).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'healthy-without-traffic' }],
    });

    await give(world);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect((await world.service())?.lastGood[0]?.revision).toBe('web-3');
    await world.finishBuild(world.deployByBuild('web-4', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });
});

it('is not moved by apply when it was judged before, and left in place', async () => {
  const rollback = { ...aServiceConfig().rollback, perDay: 0 };
  const world = await World.create({ config: aConfig(aServiceConfig({ rollback })) });
  await world.deployGood('web-1');
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'per-day' } });
  await world.applyConfig();
  await world.ask('web-2', 'apply');
  expect(await world.run('web-2', 2)).toMatchObject({ authority: 'record', verdict: 'fail', action: 'none' });
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

it('leaves what a human gave traffic where it is, and says that it fails', async () => {
  const world = await aWorld();
  world.cloud.editTraffic(world.ref, [{ revision: name('web-1'), percent: 100 }, ...(await world.tags())]);
  await world.finishBuild(world.deployByBuild('web-2'));
  world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
  world.cloud.editTraffic(world.ref, [{ revision: name('web-2'), percent: 100 }, ...(await world.tags())]);
  await world.clock.sleep(60_000);
  await world.sweep();
  expect(await world.run('web-2', 2)).toMatchObject({ authority: 'record', verdict: 'fail', action: 'none' });
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

it('leaves what a human gave traffic where it is, however often the sweep looks again', async () => {
  const world = await aWorld();
  await world.fixTraffic(['web-1', 100]);
  await world.finishBuild(world.deployByBuild('web-2'));
  world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
  await world.fixTraffic(['web-2', 100]);
  await sweepForMinutes(world, 10);
  expect(await world.run('web-2', 3)).toMatchObject({ authority: 'record', verdict: 'fail' });
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

it('leaves what a human has promoted by force where it is', async () => {
  const world = await aWorld();
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  await world.clock.sleep(hour);
  await act(world, 'promote', { revision: 'web-2', force: true });
  await sweepForMinutes(world, 10);
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

describe('a build that made two revisions', () => {
  it('is judged by the one that it left in place', async () => {
    const world = await aWorld();
    const build = world.deployByBuild('web-2');
    const id = world.cloud.builds.get(build)?.id ?? '';
    world.cloud.deploy(world.ref, 'web-3', {
      labels: { 'gcb-build-id': id },
      behaviour: answers.unavailable,
    });
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

describe('a split', () => {
  it('loses the share of the failing revision only', async () => {
    const world = await aWorld();
    world.cloud.deploy(world.ref, 'web-2');
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    world.cloud.editTraffic(world.ref, [
      { revision: name('web-2'), percent: 90 },
      { revision: name('web-3'), percent: 10 },
      ...(await world.tags()),
    ]);
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 10, 'web-2': 90 });
    expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'unverified' } });
  });
});
