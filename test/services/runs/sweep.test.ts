import { describe, expect, it, test } from '@jest/globals';
import { z } from 'zod';
import { documentIn } from '../../../shared/contracts/document.ts';
import type { Hop } from '../../../shared/contracts/messages.ts';
import { outbox, runs } from '../../../shared/contracts/records.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { deliverInProcess } from '../../../shared/runtime/deliver.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { CountingStore } from '../../world/counting-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const web1 = 'web-1' as RevisionName;
const web2 = 'web-2' as RevisionName;
const standing = { revision: web1, percent: 0, tag: 'deploy-loop-stable' };

/** The nth message of a hop is never delivered. @returns whether that has happened */
function loseMessage(world: World, hop: Hop, nth = 1): () => boolean {
  let seen = 0;
  world.bus.connect(async (to, message) => {
    if (to === hop && ++seen === nth) return;
    await deliverInProcess(to, message, world.ports);
  });
  return () => seen >= nth;
}

describe('the sweep, after a message was lost,', () => {
  test.each<[Hop, number]>([
    ['begin-validation', 1],
    ['check-health', 1],
    ['decide-stage', 1],
    // The first one only has it start.
    ['route-traffic', 2],
    ['check-health', 2],
    ['decide-stage', 2],
  ])('finishes a rollback all the same: %s, number %i', async (hop, nth) => {
    const world = await World.create();
    await world.deployGood('web-1');
    const isLost = loseMessage(world, hop, nth);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect((await world.run('web-2'))?.state).not.toBe('closed');
    expect(isLost()).toBe(true);
    await sweepForMinutes(world, 5);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'fail',
      outcome: { code: 'restored' },
    });
    expect(world.cloud.writes).toHaveLength(1);
  });

  test.each<[Hop, number]>([
    ['begin-validation', 1],
    ['check-health', 1],
    ['decide-stage', 1],
    ['route-traffic', 1],
  ])('records a good revision all the same: %s, number %i', async (hop, nth) => {
    const world = await World.create();
    await world.deployGood('web-1');
    const isLost = loseMessage(world, hop, nth);
    await world.finishBuild(world.deployByBuild('web-2'));
    expect({ isLost: isLost(), good: (await world.service())?.lastGood.length }).toEqual({
      isLost: true,
      good: 1,
    });
    await sweepForMinutes(world, 5);
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-2', 'web-1']);
    expect((await world.cloud.getService(world.ref))?.annotations['deploy-loop-last-good']).toMatch(
      /^web-2 /,
    );
    expect(world.cloud.writes).toHaveLength(1);
  });

  it('decides a stage whose deadline has passed', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    loseMessage(world, 'check-health');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(3_600_000);
    await sweepForMinutes(world, 2);
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'inconclusive',
      reasons: [{ code: 'deadline' }],
    });
    expect(await world.run('web-2', 2)).toMatchObject({ openedBy: 'sweep', outcome: { code: 'restored' } });
  });

  it('looks again for a revision that it never gets to see, an alarm open all the while', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.intercept((_ports, hop) =>
      hop === 'check-health'
        ? { run: { ...world.cloudPort(), getService: () => Promise.reject(new TransientError('away')) } }
        : {},
    );
    world.cloud.deploy(world.ref, 'web-2');
    for (let hour = 0; hour < 8; hour++) {
      await world.sweep().catch(() => undefined);
      await world.clock.sleep(3_600_000);
    }
    expect(await world.run('web-2', 4)).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'deadline' }],
    });
    expect(await world.service()).toMatchObject({
      alarm: { code: 'unverified-revision', revision: 'web-2' },
    });
  });
});

describe('the sweep, of the revision that serves,', () => {
  it('has one validated that nobody announced', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.sweep();
    expect(await world.run('web-2')).toMatchObject({ openedBy: 'sweep', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('opens the next attempt for one whose verdict is superseded', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const older = world.deployByBuild('web-2');
    await world.clock.sleep(3_000);
    await world.finishBuild(world.deployByBuild('web-3'));
    await world.finishBuild(older);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'superseded' });
    world.cloud.editTraffic(world.ref, [{ revision: web2, percent: 100 }, standing]);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.run('web-2', 2)).toMatchObject({ openedBy: 'sweep', verdict: 'pass' });
  });

  test.each([
    ['pass', answers.good, [undefined, undefined]],
    ['fail', answers.unavailable, ['fail', 'fail']],
    ['inconclusive', answers.forbidden, ['inconclusive', 'inconclusive']],
  ])('is looked at again until it is good, after the verdict %s', async (verdict, behaviour, again) => {
    const world = await World.create({ config: notifying });
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ verdict });
    await sweepForMinutes(world, 5);
    const attempts = await Promise.all([2, 3, 4].map((attempt) => world.run('web-2', attempt)));
    // With growing pauses: after one minute, then after two.
    expect(attempts.map((run) => run?.verdict)).toEqual([...again, undefined]);
    expect((await world.service())?.alarm?.revision).toBe(verdict === 'pass' ? undefined : 'web-2');
  });

  it('only tells of one that is not newer than the last judged', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-0', { behaviour: answers.unavailable });
    await world.clock.sleep(3_000);
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    const writes = world.cloud.writes.length;
    world.cloud.editTraffic(world.ref, [{ revision: 'web-0' as RevisionName, percent: 100 }, standing]);
    await world.sweep();
    expect(await world.run('web-0')).toMatchObject({ authority: 'record', verdict: 'fail', action: 'none' });
    expect(await world.serving()).toEqual({ 'web-0': 100 });
    expect(world.cloud.writes).toHaveLength(writes);
  });

  it('waits while the service is still reconciling', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    world.cloud.setReconciling(world.ref, true);
    await world.sweep();
    expect(await world.run('web-2')).toBeUndefined();
  });
});

describe('the sweep', () => {
  it('goes on with the other services when one cannot be read', async () => {
    const shop = { ...aServiceConfig(), name: 'shop', service: 'shop' };
    const world = await World.create({ config: aConfig(shop, aServiceConfig()) });
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    const getService = world.cloud.getService.bind(world.cloud);
    world.cloud.getService = async (ref) => {
      if (ref.service === 'shop') throw new TransientError('UNAVAILABLE');
      return await getService(ref);
    };
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('comes to the last service within a minute though those of a whole region do not answer', async () => {
    const dead = Array.from({ length: 20 }, (_, n) =>
      aServiceConfig({ name: `dead-${n}`, service: `dead-${n}`, region: 'europe-west1' }),
    );
    const world = await World.create({ config: aConfig(...dead, aServiceConfig()) });
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    const run = world.cloudPort();
    const getService: typeof run.getService = async (ref) => {
      if (ref.region !== 'europe-west1') return run.getService(ref);
      await world.clock.sleep(10_000);
      throw new TransientError('DEADLINE_EXCEEDED');
    };
    world.intercept(() => ({ run: { ...run, getService } }));
    const sinceMs = world.clock.now().getTime();
    await world.sweep();
    const foundMs = (await world.run('web-2'))?.createdAt.getTime() ?? Number.POSITIVE_INFINITY;
    expect(foundMs - sinceMs).toBeLessThan(60_000);
  });

  it('nudges what lies behind runs and effects that are corrupt', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const dueAt = new Date(world.clock.now().getTime() - 3_600_000);
    const corrupt = [runs, outbox].map(({ path }) => documentIn({ path, schema: z.unknown() }, 'corrupt'));
    await world.store.commit(corrupt.map((ref) => create(ref, { dueAt })));
    // The first one only has it start.
    loseMessage(world, 'route-traffic', 2);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await sweepForMinutes(world, 2);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('removes the tags of ended runs, and keeps the standing one and those of the user', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    const kept = [{ revision: web1, percent: 100 }, standing, { revision: web1, percent: 0, tag: 'preview' }];
    world.cloud.editTraffic(world.ref, kept);
    const { ref } = world;
    await world.publish('begin-validation', {
      kind: 'revision',
      ref,
      revision: web2,
      openedBy: 'guard',
      attempt: 1,
    });
    await world.bus.idle();
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'pass' });
    const runTag = `deploy-loop-${world.runIdOf('web-2').slice(0, 6)}`;
    expect((await world.cloud.getService(ref))?.traffic).toEqual([
      ...kept,
      { revision: web2, percent: 0, tag: runTag },
    ]);
    await world.sweep();
    const left = (await world.cloud.getService(ref))?.traffic;
    expect(new Set(left)).toEqual(new Set(kept));
  });

  it('writes nothing and changes nothing when all is well', async () => {
    let counting: CountingStore | undefined;
    const wrap = (store: ConstructorParameters<typeof CountingStore>[0]) =>
      (counting = new CountingStore(store));
    const world = await World.create({ wrap });
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepForMinutes(world, 1);
    const before = { store: counting?.counts.writes, cloud: world.cloud.writes.length };
    await sweepForMinutes(world, 3);
    expect({ store: counting?.counts.writes, cloud: world.cloud.writes.length }).toEqual(before);
  });
});

const notifying = aConfig(aServiceConfig({ rollback: { ...aServiceConfig().rollback, policy: 'notify' } }));
