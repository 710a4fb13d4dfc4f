import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const name = (revision: string) => revision as RevisionName;
const hour = 3_600_000;

describe('traffic that our rollback has fixed', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(hour);
  });

  it('is recorded as pinned by the guard, with what the user had and what it is now', async () => {
    expect((await world.service())?.pin).toMatchObject({
      owner: 'guard',
      target: 'web-1',
      bad: 'web-2',
      before: [{ percent: 100 }, { tag: 'deploy-loop-stable' }],
      after: [{ revision: 'web-1', percent: 100 }, { tag: 'deploy-loop-stable' }],
    });
  });

  it('goes to the next good deploy, and follows LATEST again as the user had it', async () => {
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect(await world.serving()).toEqual({ 'web-3': 100 });
    expect((await world.service())?.pin).toBeUndefined();
    expect((await world.service())?.lastGood[0]?.revision).toBe('web-3');
    await world.clock.sleep(hour);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.serving()).toEqual({ 'web-4': 100 });
  });

  it('stays where it is when the next deploy is bad too', async () => {
    const writes = world.cloud.writes.length;
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', action: 'none' });
    expect(percentWrites(world, writes)).toEqual([]);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('is given by name, and stays fixed, where the good deploy is not the newest', async () => {
    const build = world.deployByBuild('web-3');
    world.cloud.deploy(world.ref, 'web-4', { readiness: { kind: 'pending' } });
    await world.finishBuild(build);
    expect(await world.spec()).toEqual([['web-3', 100]]);
    expect((await world.service())?.pin).toMatchObject({
      owner: 'guard',
      target: 'web-3',
      before: [{ percent: 100 }, {}],
    });
    await world.clock.sleep(hour);
    world.cloud.deleteRevision(world.ref, 'web-4');
    await world.finishBuild(world.deployByBuild('web-5'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect((await world.service())?.pin).toBeUndefined();
  });

  it('goes back once more when the fix fails in its watch, and remembers what the user had', async () => {
    let probes = 0;
    const behaviour = () => (++probes <= 4 ? answers.good() : answers.unavailable());
    world = await World.create({
      config: aConfig(aServiceConfig({ watch: { for: '5m', minimum: '60s', interval: '10s' } })),
    });
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    // Within the cooldown: taking back what the guard itself gave is no loop.
    await world.clock.sleep(60_000);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour }));
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect((await world.service())?.pin).toMatchObject({ owner: 'guard', target: 'web-1', bad: 'web-3' });
    await world.clock.sleep(hour);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it.each([
    [
      'a human',
      [
        { revision: name('web-1'), percent: 60 },
        { revision: name('web-2'), percent: 40 },
      ],
    ],
    ['Terraform', [{ revision: name('web-2'), percent: 100 }]],
  ])('is no longer ours once %s has changed it', async (_who, traffic) => {
    world.cloud.editTraffic(world.ref, [...traffic, ...(await world.tags())]);
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.spec()).toEqual(traffic.map((target) => [target.revision, target.percent]));
    expect(await world.run('web-3')).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'healthy-without-traffic' }],
    });
    await world.clock.sleep(60_000);
    await world.sweep();
    expect((await world.service())?.pin).toBeUndefined();
  });

  it('is still ours when only tags were changed', async () => {
    world.cloud.editTraffic(world.ref, [
      { revision: name('web-1'), percent: 100 },
      { revision: name('web-2'), percent: 0, tag: 'look' },
    ]);
    await world.sweep();
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect((await world.tags()).map((target) => target.tag)).toContain('look');
  });

  it('is never released by time', async () => {
    for (let day = 0; day < 30; day++) {
      await world.clock.sleep(24 * hour);
      await world.sweep();
    }
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect((await world.service())?.pin?.owner).toBe('guard');
  });

  it('raises an alarm about a newer revision that gets none of it and that nobody validates, until that is over', async () => {
    world.cloud.deploy(world.ref, 'web-3');
    await world.sweep();
    expect((await world.service())?.alarm).toBeUndefined();
    await world.clock.sleep(20 * 60_000);
    await world.sweep();
    expect((await world.service())?.alarm).toMatchObject({ code: 'unvalidated-revision', revision: 'web-3' });
    await world.ask('web-3', 'rerun');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect((await world.service())?.alarm).toBeUndefined();
  });

  it('stays when a part of what the user had is gone: the fix gets it all by name', async () => {
    world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    world.cloud.editTraffic(world.ref, [
      { revision: name('web-2'), percent: 50 },
      { percent: 50 },
      ...(await world.tags()),
    ]);
    await world.finishBuild(build);
    expect(await world.spec()).toEqual([
      ['web-1', 50],
      ['web-2', 50],
    ]);
    await world.clock.sleep(hour);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.spec()).toEqual([
      ['web-2', 50],
      ['LATEST', 50],
    ]);
  });
});

/** The writes since the n-th that changed what users get. */
function percentWrites(world: World, since: number): unknown[] {
  return world.cloud.writes
    .slice(since)
    .filter(({ traffic }) => traffic.some((target) => target.percent > 0 && target.revision !== 'web-1'));
}
