import { describe, expect, it } from '@jest/globals';
import { killSwitch } from '../../../shared/contracts/records.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import type { Mode } from '../../../shared/domain/stages.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { atProbe } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

async function aWorld(mode: Mode): Promise<World> {
  const watch = { for: '2m', minimum: '60s', interval: '10s' };
  const world = await World.create({ config: aConfig(aServiceConfig({ mode, watch })) });
  await world.deployGood('web-1');
  if (mode !== 'guard') await world.fixTraffic(['web-1', 100]);
  return world;
}

/** The answer to the next write is lost, and another write replaces its mark and leaves the traffic as it is. */
function replaceMark(world: World): void {
  const after = () => {
    world.cloud.dropAnnotations(world.ref);
    world.cloud.bump(world.ref, { generation: true });
  };
  world.cloud.writeFaults.push({ kind: 'lost-answer', after });
}

describe('an effect that is held up', () => {
  it('has a promotion watched that landed unknown to it, and its revision recorded as good', async () => {
    const world = await aWorld('gate');
    const behaviour = atProbe(1, () => replaceMark(world));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(world.cloud.writeFaults).toHaveLength(0);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', short: false });
  });

  it('has a rollback that landed unknown to it not made again, and a human told', async () => {
    const world = await aWorld('guard');
    const behaviour = atProbe(1, () => replaceMark(world), answers.unavailable);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(world.cloud.writeFaults).toHaveLength(0);
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', alert: true });
  });

  it('has a rollback that landed unknown to it recorded: the next good deploy gets its traffic', async () => {
    const world = await aWorld('guard');
    const behaviour = atProbe(1, () => replaceMark(world), answers.unavailable);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect((await world.service())?.pin).toMatchObject({ owner: 'guard', target: 'web-1', bad: 'web-2' });
    await world.clock.sleep(3_600_000);
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('is made up for once Cloud Run takes writes again, a hundred tries later', async () => {
    const world = await aWorld('guard');
    const run = world.cloudPort();
    let away = true;
    let tries = 0;
    const updateTraffic: typeof run.updateTraffic = async (ref, change) => {
      tries++;
      if (away) throw new TransientError('RESOURCE_EXHAUSTED');
      return run.updateTraffic(ref, change);
    };
    world.intercept(() => ({ run: { ...run, updateTraffic } }));
    const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await expect(world.finishBuild(build)).rejects.toThrow('RESOURCE_EXHAUSTED');
    for (let minute = 0; minute < 30; minute++) {
      await world.clock.sleep(60_000);
      await world.sweep().catch(() => undefined);
    }
    expect(tries).toBeGreaterThan(100);
    away = false;
    await sweepForMinutes(world, 30);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is made up for once the kill switch that stopped it is lifted', async () => {
    const world = await aWorld('guard');
    const run = world.cloudPort();
    const getService: typeof run.getService = async (ref) => {
      if (await world.decision('web-2', 'health'))
        await setControl(killSwitch, { reason: 'incident', actor: 'ann' }, world.ports);
      return run.getService(ref);
    };
    world.intercept((_ports, hop) => (hop === 'route-traffic' ? { run: { ...run, getService } } : {}));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail' });

    world.intercept(() => ({}));
    await liftControl(killSwitch, 'ann', world.ports);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('makes nothing good that was judged bad meanwhile', async () => {
    const world = await aWorld('guard');
    const run = world.cloudPort();
    let away = true;
    const updateTraffic: typeof run.updateTraffic = async (ref, change) => {
      const marks = change.annotations['deploy-loop-last-good']?.startsWith('web-2 ');
      if (away && marks) throw new TransientError('UNAVAILABLE');
      return run.updateTraffic(ref, change);
    };
    world.intercept(() => ({ run: { ...run, updateTraffic } }));
    await expect(world.finishBuild(world.deployByBuild('web-2'))).rejects.toThrow('UNAVAILABLE');
    world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
    await world.ask('web-2', 'rerun');
    away = false;
    await world.clock.sleep(60_000);
    await world.sweep();
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });
});
