import { beforeEach, describe, expect, it } from '@jest/globals';
import { abortOf, freezeOf, killSwitch } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig } from '../../builders.ts';
import { atProbe, goodUntil } from '../../world/behaviours.ts';
import { aCanaryWorld, canary, hasWritten } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { users } from '../../world/users.ts';
import { silent, type World } from '../../world/world.ts';

const request = { reason: 'bad look', actor: 'ann' };

describe('a canary that is stopped half-way', () => {
  let world: World;
  let told: string[];

  beforeEach(async () => {
    world = await aCanaryWorld();
    told = [];
  });

  /** Does something between the decision on the first step and the write that follows from it. */
  function beforeSecondWrite(work: () => Promise<unknown>): void {
    const run = world.cloudPort();
    const log = { ...silent, error: (_fields: object, text: string) => void told.push(text) };
    world.intercept((_ports, hop) => {
      const getService: typeof run.getService = async (ref) => {
        if (hop === 'route-traffic' && (await world.decision('web-2', 'step-1'))) await work();
        return run.getService(ref);
      };
      return { run: { ...run, getService }, log };
    });
  }

  const abort = () => setControl(abortOf(world.runIdOf('web-2')), request, world.ports);

  /** Does something at the third look at this share. */
  function atShare(percent: number, work: () => unknown) {
    const behaviour = atProbe(3, work);
    return () => (hasWritten(world, 'web-2', percent) ? behaviour() : answers.good());
  }

  it('gives its share back when it is aborted between the decision for a step and the write', async () => {
    beforeSecondWrite(abort);
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(hasWritten(world, 'web-2', 50)).toBe(false);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('gives its share back once the kill switch is lifted that kept it from that', async () => {
    beforeSecondWrite(async () => {
      await abort();
      await setControl(killSwitch, request, world.ports);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    await liftControl(killSwitch, 'ann', world.ports);
    world.intercept(() => ({}));
    await sweepForMinutes(world, 1);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('gives its share back when it fails between the decision for a step and the write', async () => {
    beforeSecondWrite(async () => world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({ action: 'step' });
    expect(hasWritten(world, 'web-2', 50)).toBe(false);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('gives all traffic back when it is aborted at its last step', async () => {
    const behaviour = atShare(100, abort);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(hasWritten(world, 'web-2', 100)).toBe(true);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('gives its failing share back though a newer deploy comes between the decision for a rollback and the write', async () => {
    world.cloud.users.set('web-2', users(50, 10));
    let newer: string | undefined;
    beforeSecondWrite(async () => {
      if (newer) return;
      newer = world.deployByBuild('web-3');
      void world.publish('begin-validation', { kind: 'build', name: newer });
      await world.clock.sleep(3_000);
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({ action: 'rollback' });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('gives its failing share back though it is aborted between the decision for a rollback and the write', async () => {
    world.cloud.users.set('web-2', users(50, 10));
    beforeSecondWrite(abort);
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({ action: 'rollback' });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('tells a human when a freeze leaves it at its share', async () => {
    const freeze = freezeOf(serviceKeyOf(world.ref));
    beforeSecondWrite(() => setControl(freeze, request, world.ports));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    expect(await world.run('web-2')).toMatchObject({ alert: true, outcome: { code: 'frozen' } });
    expect(told).toEqual(['automatic writes are frozen: bad look']);
  });

  it('goes on at its step once the freeze is lifted', async () => {
    const freeze = freezeOf(serviceKeyOf(world.ref));
    const behaviour = atShare(50, () => setControl(freeze, request, world.ports));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 50, 'web-2': 50 });
    await liftControl(freeze, 'ann', world.ports);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-2', 'web-1']);
  });

  it('is not recorded as good by a rerun that has too few users as well', async () => {
    world.cloud.users.set('web-2', users(2));
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.ask('web-2', 'rerun');
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it('fails by the errors of its users though the guard cannot reach it', async () => {
    world.cloud.users.set('web-2', users(50, 20));
    const lost = { kind: 'no-answer', cause: 'name-resolution', latencyMs: 1, detail: 'EAI_AGAIN' } as const;
    let probes = 0;
    const behaviour = () => (++probes > 8 ? lost : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is rolled back though somebody removes its tags again and again', async () => {
    const clear = async () => {
      const traffic = (await world.cloud.getService(world.ref))?.traffic ?? [];
      const shares = traffic.filter(({ percent }) => percent > 0);
      world.cloud.editTraffic(
        world.ref,
        shares.map(({ revision, percent }) => ({ revision, percent })),
      );
    };
    const behaviour = atProbe(6, clear, atProbe(8, clear, goodUntil(9)));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('fixes no traffic for later: in mode gate the next good deploy gets it all', async () => {
    world.cloud.users.set('web-2', users(50, 10));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await world.applyConfig(aConfig({ ...canary, mode: 'gate' }));
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });
});
