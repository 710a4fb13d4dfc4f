import { beforeEach, describe, expect, it } from '@jest/globals';
import { freezeOf, intents, killSwitch, outbox } from '../../../shared/contracts/records.ts';
import { type EffectId, serviceKeyOf } from '../../../shared/domain/ids.ts';
import type { ManualKind } from '../../../shared/domain/traffic/plan-manual.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

describe('by hand', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
  });

  it('a rollback goes to the good revision before the one that serves, and the next good deploy releases it', async () => {
    expect(await act(world, 'rollback')).toMatchObject({ state: 'done' });
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect((await world.service())?.pin).toMatchObject({ owner: 'guard', target: 'web-1' });
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('a rollback from a split gives nothing back to a revision that nobody verified', async () => {
    world.cloud.deploy(world.ref, 'web-3');
    await world.fixTraffic(['web-2', 70], ['web-3', 30]);
    expect(await act(world, 'rollback', { revision: 'web-1' })).toMatchObject({ state: 'done' });
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.spec()).toEqual([['web-4', 100]]);
  });

  it('who did it, and why, is in the audit', async () => {
    await act(world, 'rollback');
    const [intent] = await world.store.find({
      collection: intents,
      where: [['actor', '==', 'ann']],
      limit: 10,
    });
    expect(intent?.data).toMatchObject({
      why: 'manual rollback: because',
      outcome: 'accepted',
      before: [{ percent: 100 }, {}],
      after: [{ revision: 'web-1', percent: 100 }, {}],
    });
  });

  it('a pin stays until it is unpinned: good deploys are verified, and get nothing', async () => {
    expect(await act(world, 'pin')).toMatchObject({ state: 'done' });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-2' });
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.spec()).toEqual([['web-2', 100]]);
    expect(await world.run('web-3')).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'human-pin' }],
    });

    expect(await act(world, 'unpin')).toMatchObject({ state: 'done' });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect((await world.service())?.pin).toBeUndefined();
  });

  it('a pin is over once others have moved traffic: it keeps no failing deploy in place', async () => {
    await act(world, 'pin');
    await world.sweep();
    // As a pipeline does: deploy, and then update-traffic --to-latest.
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('a pin stays also where deploys are promoted', async () => {
    world = await World.create({ config: aConfig(aServiceConfig({ mode: 'gate' })) });
    await world.deployGood('web-1');
    expect(await act(world, 'pin')).toMatchObject({ state: 'done' });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass', reasons: [{ code: 'human-pin' }] });
  });

  it('a promotion gives a validated revision all traffic', async () => {
    await act(world, 'pin');
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await act(world, 'promote')).toMatchObject({ state: 'done' });
    expect(await world.spec()).toEqual([['web-3', 100]]);
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-3' });
  });

  it.each<[string, ManualKind, string, (world: World) => unknown]>([
    ['was never validated', 'promote', 'target-unverified', (w) => w.cloud.deploy(w.ref, 'web-3')],
    [
      'was judged fail',
      'promote',
      'target-unverified',
      (w) => w.finishBuild(w.deployByBuild('web-3', { behaviour: answers.unavailable })),
    ],
    ['is gone', 'promote', 'target-deleted', () => undefined],
    [
      'is not ready',
      'promote',
      'target-not-ready',
      (w) =>
        w.cloud.deploy(w.ref, 'web-3', { readiness: { kind: 'failed', reason: 'HealthCheck', message: '' } }),
    ],
    ['has no good one before it', 'rollback', 'no-target', (w) => w.fixTraffic(['web-1', 100])],
  ])('a revision that %s gets nothing', async (_what, kind, code, prepare) => {
    await act(world, 'pin');
    await prepare(world);
    const before = await world.spec();
    const revision = kind === 'promote' ? { revision: 'web-3' } : {};
    expect(await act(world, kind, revision)).toMatchObject({ state: 'skipped', outcome: { code } });
    expect(await world.spec()).toEqual(before);
  });

  it('force overrules what is known, never what is there', async () => {
    world.cloud.deploy(world.ref, 'web-3');
    await act(world, 'pin');
    expect(await act(world, 'promote', { revision: 'web-3', force: true })).toMatchObject({ state: 'done' });
    expect(await act(world, 'promote', { revision: 'web-9', force: true })).toMatchObject({
      state: 'skipped',
      outcome: { code: 'target-deleted' },
    });
  });

  it('unpinning is refused when LATEST would be a bad revision', async () => {
    await act(world, 'pin');
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(await act(world, 'unpin')).toMatchObject({
      state: 'skipped',
      outcome: { code: 'target-unverified' },
    });
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('a freeze stops the guard, not a human; the kill switch stops both within one message', async () => {
    await setControl(
      freezeOf(serviceKeyOf(world.ref)),
      { reason: 'release week', actor: 'ann' },
      world.ports,
    );
    expect(await act(world, 'rollback')).toMatchObject({ state: 'done' });
    await setControl(killSwitch, { reason: 'incident', actor: 'ann' }, world.ports);
    expect(await act(world, 'promote', { revision: 'web-2' })).toMatchObject({
      state: 'skipped',
      outcome: { code: 'killed', text: 'the kill switch is on: incident' },
    });
    expect(await world.spec()).toEqual([['web-1', 100]]);
  });

  it('a change by hand ends the claim of the run that is under way', async () => {
    const build = world.deployByBuild('web-3');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-3', () => {
      if (++probes === 2) void act(world, 'pin', { revision: 'web-2' });
      return answers.unavailable();
    });
    await world.finishBuild(build);
    expect(await world.spec()).toEqual([['web-2', 100]]);
    expect((await world.service())?.pin).toMatchObject({ owner: 'human' });
  });

  it('the same request delivered twice is one write', async () => {
    await act(world, 'rollback');
    const writes = world.cloud.writes.length;
    const [effect] = await world.store.find({
      collection: outbox,
      where: [['kind', '==', 'rollback']],
      limit: 10,
    });
    await world.publish('route-traffic', { effectId: effect?.id as EffectId });
    await world.bus.idle();
    expect(world.cloud.writes).toHaveLength(writes);
  });

  it('a lost answer is recognised, and the pin is recorded all the same', async () => {
    world.cloud.writeFaults.push({ kind: 'lost-answer' });
    expect(await act(world, 'rollback')).toMatchObject({ state: 'done' });
    expect((await world.service())?.pin).toMatchObject({
      owner: 'guard',
      target: 'web-1',
      before: [{ percent: 100 }, {}],
    });
  });
});
