import { beforeEach, describe, expect, it } from '@jest/globals';
import { pinAnnotation } from '../../../shared/contracts/records/pin-annotation.ts';
import { abortOf } from '../../../shared/contracts/records.ts';
import type { Mode } from '../../../shared/domain/stages.ts';
import { loadCurrentConfig } from '../../../shared/services/records/load-config.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { beginGuard } from '../../../shared/services/runs/begin-guard.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act, deliver, request } from '../../world/act-manually.ts';
import { atProbe, goodUntil } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const hour = 3_600_000;
const configOf = (mode: Mode) =>
  aConfig(aServiceConfig({ mode, watch: { for: '2m', minimum: '60s', interval: '10s' } }));

describe('a human at work beside the guard', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: configOf('guard') });
    await world.deployGood('web-1');
  });

  async function deploySecondGood(): Promise<void> {
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(hour);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  }

  it('keeps the pin that is set in the watch of a revision, though it fails from then on', async () => {
    const behaviour = atProbe(6, () => act(world, 'pin', { revision: 'web-2' }), goodUntil(10));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-2' });
  });

  it('keeps the pin when a rerun finds the revision failing', async () => {
    await deploySecondGood();
    await act(world, 'pin');
    world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
    await world.ask('web-2', 'rerun');
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'fail', action: 'none' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-2' });
  });

  it.each([
    ['', []],
    [', also without its annotation', [pinAnnotation]],
  ])('has a pin respected from its write on, before it is on record%s', async (_how, lost) => {
    world = await World.create({ config: configOf('gate') });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    const run = world.cloudPort();
    const updateTraffic: typeof run.updateTraffic = async (ref, change) => {
      const annotations = Object.entries(change.annotations).filter(([name]) => !lost.includes(name));
      await run.updateTraffic(ref, { ...change, annotations: Object.fromEntries(annotations) });
      world.cloud.setReconciling(world.ref, true);
      void world.clock.sleep(8_000).then(() => world.cloud.setReconciling(world.ref, false));
    };
    world.intercept(() => ({ run: { ...run, updateTraffic } }));
    const behaviour = atProbe(2, () => act(world, 'pin'));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-1' });
  });

  it('does not go back once more when the guard was faster', async () => {
    await deploySecondGood();
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    const effectId = await request(world, 'rollback');
    await world.finishBuild(build);
    expect(await deliver(world, effectId)).toMatchObject({
      state: 'skipped',
      outcome: { code: 'traffic-changed' },
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('has to ask again for a rollback that was held up for hours', async () => {
    await deploySecondGood();
    const effectId = await request(world, 'rollback');
    await world.clock.sleep(6 * hour);
    expect(await deliver(world, effectId)).toMatchObject({ state: 'skipped', outcome: { code: 'expired' } });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('is not overruled by a rollback to what a rollback by hand has left', async () => {
    await deploySecondGood();
    await act(world, 'rollback');
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: goodUntil(4) }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is not overruled either where the next deploy has the traffic at once', async () => {
    await deploySecondGood();
    await act(world, 'rollback');
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('has an aborted revision left alone by the sweep', async () => {
    const abort = () =>
      setControl(abortOf(world.runIdOf('web-2')), { reason: 'I know', actor: 'ann' }, world.ports);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: atProbe(2, abort, answers.degraded) }));
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2', 2)).toBeUndefined();
  });

  it('leaves a deploy to its build after only observing it', async () => {
    const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    const bound = await loadCurrentConfig(world.store);
    const [config] = bound?.config.services ?? [];
    if (!bound || !config) throw new Error('no config is in force');
    await beginGuard({ config, bound: { ...bound, observe: true } }, world.ports);
    await world.bus.idle();
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});
