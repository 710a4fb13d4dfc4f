import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { builds, rejections, runs } from '../../../shared/contracts/records.ts';
import type { BuildId, RevisionName } from '../../../shared/domain/ids.ts';
import { loadCurrentConfig } from '../../../shared/services/records/load-config.ts';
import { beginFromBuild } from '../../../shared/services/runs/begin-from-build.ts';
import { aBuild, aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

async function recordOf(world: World, name: string) {
  const id = name.split('/').at(-1) ?? '';
  return (await world.store.get(documentIn(builds, id)))?.data;
}

async function rejected(world: World): Promise<string[]> {
  const found = await world.store.find({ collection: rejections, where: [], limit: 100 });
  return found.map((rejection) => rejection.data.reason.code);
}

async function runCount(world: World): Promise<number> {
  return (await world.store.find({ collection: runs, where: [], limit: 1000 })).length;
}

describe('begin-validation', () => {
  it('makes one run and one rollback of a message that is delivered 50 times at once', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const name = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await Promise.all(
      Array.from({ length: 50 }, () => world.publish('begin-validation', { kind: 'build', name })),
    );
    await world.bus.idle();
    expect(await runCount(world)).toBe(1);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('does nothing more when an old message is replayed after the verdict', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const name = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await world.finishBuild(name);
    world.cloud.editTraffic(world.ref, [{ percent: 100 }]);
    await world.finishBuild(name);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('rejects a build that Cloud Build does not know', async () => {
    const world = await World.create();
    await world.finishBuild(aBuild().name);
    expect(await rejected(world)).toEqual(['unknown-build']);
    expect(await runCount(world)).toBe(0);
  });

  it('rejects a name whose id belongs to another build', async () => {
    const world = await World.create();
    const real = world.addBuild();
    const forged = aBuild().name;
    const build = world.cloud.builds.get(real);
    if (build) world.cloud.builds.set(forged, build);
    await world.finishBuild(forged);
    expect(await rejected(world)).toEqual(['unknown-build']);
  });

  it('ignores a build of a project that is not watched', async () => {
    const world = await World.create();
    const name = world.addBuild({ projectId: 'somebody-else' });
    await world.finishBuild(name);
    expect(await recordOf(world, name)).toMatchObject({
      outcome: 'ignored',
      reason: { code: 'not-watched' },
    });
  });

  it('ignores a build that ended more than a day ago', async () => {
    const world = await World.create();
    const name = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await world.clock.sleep(3 * 86_400_000);
    await world.finishBuild(name);
    expect(await recordOf(world, name)).toMatchObject({ outcome: 'ignored', reason: { code: 'stale' } });
    expect(await runCount(world)).toBe(0);
  });

  it('records a build that deployed nothing as ignored, after having waited for a late revision', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const name = world.addBuild();
    const before = world.clock.monotonicMs();
    await world.finishBuild(name);
    expect(await recordOf(world, name)).toMatchObject({
      outcome: 'ignored',
      reason: { code: 'deployed-nothing' },
    });
    expect(world.clock.monotonicMs() - before).toBeGreaterThanOrEqual(60_000);
  });

  it('tells a person once that it waits', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const told: string[] = [];
    const bound = await loadCurrentConfig(world.store);
    if (!bound) throw new Error('no config');
    await beginFromBuild(world.addBuild(), bound, world.ports, (text) => told.push(text));
    expect(told).toEqual(['the build has created no revision of web yet: waiting up to 60 s for one']);
  });

  it('finds a revision that appears after SUCCESS', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const name = world.addBuild();
    await world.publish('begin-validation', { kind: 'build', name });
    await world.clock.sleep(20_000);
    world.cloud.deploy(world.ref, 'web-2');
    await world.bus.idle();
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'pass',
      build: { resolvedBy: 'build-window' },
    });
  });

  it('does not wait for a build that has not ended, and leaves no record of it', async () => {
    const world = await World.create();
    const name = world.addBuild({ status: 'WORKING' });
    await world.finishBuild(name);
    expect(await recordOf(world, name)).toBeUndefined();
  });

  it('opens a run without a rollback for a FAILURE build that left a never-ready revision', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const readiness = {
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: 'did not listen',
    } as const;
    await world.finishBuild(world.deployByBuild('web-2', { readiness }));
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'fail',
      action: 'none',
      reasons: [{ code: 'never-ready' }],
    });
    expect(world.cloud.writes).toHaveLength(0);
  });

  it('opens a run for each service that a build deployed', async () => {
    const api = { ...aServiceConfig(), name: 'api', service: 'api' };
    const world = await World.create({ config: aConfig(aServiceConfig(), api) });
    const id = '00000000-0000-4000-8000-000000000009' as BuildId;
    const labels = { 'gcb-build-id': id };
    world.cloud.deploy(world.ref, 'web-1', { labels });
    world.cloud.deploy({ ...world.ref, service: 'api' }, 'api-1', { labels });
    const name = world.addBuild({ id });
    await world.finishBuild(name);
    expect((await recordOf(world, name))?.runs).toHaveLength(2);
    expect(await runCount(world)).toBe(2);
  });

  it('does nothing automatic when two services may have been meant', async () => {
    const api = { ...aServiceConfig(), name: 'api', service: 'api' };
    const world = await World.create({ config: aConfig(aServiceConfig(), api) });
    world.cloud.deploy(world.ref, 'web-1');
    world.cloud.deploy({ ...world.ref, service: 'api' }, 'api-1');
    const name = world.addBuild();
    await world.finishBuild(name);
    expect(await recordOf(world, name)).toMatchObject({ outcome: 'ambiguous' });
    expect(await runCount(world)).toBe(0);
  });

  it('takes the hand-over of a deploy step before everything else, but only for a revision that exists', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1');
    await world.clock.sleep(1000);
    world.cloud.deploy(world.ref, 'web-2');
    const handOver = (revision: string) => JSON.stringify({ ...world.ref, revision });
    await world.finishBuild(world.addBuild({ stepOutputs: ['noise', handOver('web-9'), handOver('web-1')] }));
    expect(await world.run('web-1')).toBeUndefined();
    await world.finishBuild(world.addBuild({ stepOutputs: ['noise', handOver('web-1')] }));
    expect(await world.run('web-1')).toMatchObject({ build: { resolvedBy: 'hand-over' } });
  });

  it('rejects a request for a revision that is not there', async () => {
    const world = await World.create();
    await world.publish('begin-validation', {
      kind: 'revision',
      ref: world.ref,
      revision: 'web-9' as RevisionName,
      openedBy: 'guard',
      attempt: 1,
    });
    await world.bus.idle();
    expect(await rejected(world)).toEqual(['no-revision']);
  });
});

describe('overlapping deploys', () => {
  it('judges the newer and closes the older as superseded, when the newer has the traffic', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const older = world.deployByBuild('web-2', { behaviour: answers.degraded });
    await world.publish('begin-validation', { kind: 'build', name: older });
    await world.clock.sleep(3_000);
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'superseded' });
    expect(await world.run('web-3')).toMatchObject({ state: 'closed', verdict: 'pass' });
  });

  it('closes the run of an event that arrives after a newer one', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const older = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await world.clock.sleep(3_000);
    const newer = world.deployByBuild('web-3');
    await world.finishBuild(newer);
    await world.finishBuild(older);
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'superseded',
      reasons: [{ code: 'late' }],
    });
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('orders by creation time and not by arrival or name', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const first = world.deployByBuild('web-9', { behaviour: answers.unavailable });
    await world.clock.sleep(3_000);
    const second = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await world.finishBuild(second);
    await world.finishBuild(first);
    expect(await world.run('web-9')).toMatchObject({ verdict: 'superseded' });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('still rolls the older back when the newer never becomes ready', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const older = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await world.publish('begin-validation', { kind: 'build', name: older });
    await world.clock.sleep(1_000);
    const readiness = {
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: 'did not listen',
    } as const;
    await world.finishBuild(world.deployByBuild('web-3', { readiness }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', action: 'none' });
  });

  it('waits with a newer one that is not ready yet, and takes over once it is', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const name = world.deployByBuild('web-2', { readiness: { kind: 'pending' } });
    await world.publish('begin-validation', { kind: 'build', name });
    await world.clock.sleep(30_000);
    expect(await world.run('web-2')).toMatchObject({ state: 'waiting' });
    world.cloud.setReadiness(world.ref, 'web-2', { kind: 'ready' });
    await world.bus.idle();
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'pass' });
  });

  it('gives up on one that never settles, without blaming it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { readiness: { kind: 'pending' } }));
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'inconclusive',
      action: 'none',
    });
  });
});
