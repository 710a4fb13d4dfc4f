import { describe, expect, it } from '@jest/globals';
import { freezeOf, intents } from '../../../shared/contracts/records.ts';
import { type RevisionName, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const web1 = 'web-1' as RevisionName;
const web2 = 'web-2' as RevisionName;

/** web-1 is good; web-2 serves and answers 503; its build's message is still to come. */
async function aBrokenDeploy(): Promise<{ world: World; build: string }> {
  const world = await World.create();
  await world.deployGood('web-1');
  return { world, build: world.deployByBuild('web-2', { behaviour: answers.unavailable }) };
}

describe('a rollback', () => {
  it('keeps user tags and user annotations', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.editTraffic(world.ref, [
      { percent: 100 },
      { revision: web1, percent: 0, tag: 'deploy-loop-stable' },
      { revision: web2, percent: 0, tag: 'preview' },
    ]);
    await world.finishBuild(build);
    const state = await world.cloud.getService(world.ref);
    expect(state?.traffic).toContainEqual({ revision: 'web-2', percent: 0, tag: 'preview' });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('decides again on a stale etag, and then writes once', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({ kind: 'conflict' });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    const outcomes = (await world.store.find({ collection: intents, where: [], limit: 10 })).map(
      (intent) => intent.data.outcome,
    );
    expect(outcomes.sort()).toEqual(['accepted', 'rejected']);
  });

  it('leaves a newer revision its traffic when it turns up between the read and the write', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({ kind: 'conflict', before: () => world.cloud.deploy(world.ref, 'web-3') });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.serving()).toEqual({ 'web-3': 100 });
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'fail',
      outcome: { code: 'newer-revision' },
    });
  });

  it('goes on when the newer revision never became ready', async () => {
    const { world, build } = await aBrokenDeploy();
    const readiness = {
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: 'did not listen',
    } as const;
    world.cloud.writeFaults.push({
      kind: 'conflict',
      before: () => world.cloud.deploy(world.ref, 'web-3', { readiness }),
    });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('stands back when a human moved traffic', async () => {
    const { world, build } = await aBrokenDeploy();
    const edit = () =>
      world.cloud.editTraffic(world.ref, [
        { revision: web1, percent: 50 },
        { revision: web2, percent: 50 },
      ]);
    world.cloud.writeFaults.push({ kind: 'conflict', before: edit });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'traffic-changed' } });
  });

  it('does not take LATEST spelled as a name for a human change', async () => {
    const { world, build } = await aBrokenDeploy();
    const edit = () =>
      world.cloud.editTraffic(world.ref, [
        { revision: web2, percent: 100 },
        { revision: web1, percent: 0, tag: 'deploy-loop-stable' },
      ]);
    world.cloud.writeFaults.push({ kind: 'conflict', before: edit });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('finds its own write when the answer was lost, and does not write again', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({ kind: 'lost-answer' });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('writes again when a write was dropped and nothing has changed', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({ kind: 'dropped' });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('goes on after a dropped write when only the platform moved the etag', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({ kind: 'dropped' }, { kind: 'conflict' });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('never writes blindly when the answer was lost and an operator has moved traffic back since', async () => {
    const { world, build } = await aBrokenDeploy();
    const operator = () => {
      world.cloud.dropAnnotations(world.ref);
      world.cloud.editTraffic(world.ref, [{ revision: web2, percent: 100 }]);
    };
    world.cloud.writeFaults.push({ kind: 'lost-answer', after: operator });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'unknown-outcome' } });
  });

  it('records a refused write and closes the run', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({ kind: 'refused' });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'fail',
      outcome: { code: 'refused' },
    });
    expect(world.cloud.writes).toHaveLength(0);
  });

  it('makes no second write when the service still fails afterwards, and freezes', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.writeFaults.push({
      kind: 'lost-answer',
      after: () => world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable),
    });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'unrestored' } });
    const freeze = await world.store.get(freezeOf(serviceKeyOf(world.ref)));
    expect(freeze?.data.reason).toContain('still failing');
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(world.cloud.writes).toHaveLength(1);
  });

  it('is not made when the same probe fails on the stable revision', async () => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'dependency' }, {}],
    });
  });

  it.each([
    ['forbidden', answers.forbidden, 'not-allowed'],
    ['overloaded', () => respond(429, 'Rate exceeded.'), 'overload'],
    ['behind an ingress', answers.platformNotFound, 'platform-not-found'],
  ])('is not made when the guard is %s', async (_what, behaviour, code) => {
    const { world, build } = await aBrokenDeploy();
    world.cloud.setBehaviour(world.ref, 'web-2', behaviour);
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'inconclusive', reasons: [{ code }] });
  });

  it('is refused when the target fails its own probe just before the write', async () => {
    const { world, build } = await aBrokenDeploy();
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      ++probes <= 3 ? answers.good() : answers.unavailable(),
    );
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'target-failing' } });
  });

  it.each([
    ['deleted', (world: World) => world.cloud.deleteRevision(world.ref, 'web-1'), /target|not-compared/],
    [
      'labelled never',
      (world: World) => world.cloud.setLabels(world.ref, 'web-1', { 'deploy-loop-rollback': 'never' }),
      /target-denied/,
    ],
  ])('is refused when the target is %s', async (_what, spoil, code) => {
    const { world, build } = await aBrokenDeploy();
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 3) spoil(world);
      return answers.unavailable();
    });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    const run = await world.run('web-2');
    expect(run?.outcome?.code ?? run?.reasons.map((reason) => reason.code).join()).toMatch(code);
  });

  it('alerts without acting when no revision is known to be good', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.decision('web-2', 'health')).toMatchObject({
      verdict: 'fail',
      action: 'none',
      alert: true,
    });
  });

  it('skips a bad revision before it: the target is the newest that was recorded good', async () => {
    const { world, build } = await aBrokenDeploy();
    const next = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    await world.finishBuild(next);
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'superseded' });
  });

  it('is not made again within the cooldown', async () => {
    const { world, build } = await aBrokenDeploy();
    await world.finishBuild(build);
    world.cloud.editTraffic(world.ref, [
      { percent: 100 },
      { revision: web1, percent: 0, tag: 'deploy-loop-stable' },
    ]);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'cooldown' } });
  });

  it('needs no standing tag: what is missing is added for the run, and removed afterwards', async () => {
    const rollback = { ...aServiceConfig().rollback, standingTag: false };
    const world = await World.create({ config: aConfig(aServiceConfig({ rollback })) });
    await world.recordGood(world.cloud.deploy(world.ref, 'web-1'));
    await world.clock.sleep(60_000);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await world.sweep();
    expect(
      (await world.cloud.getService(world.ref))?.traffic.filter((target) => target.tag !== undefined),
    ).toEqual([]);
  });
});
