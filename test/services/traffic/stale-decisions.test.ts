import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { freezeOf, killSwitch, pauseOf, services } from '../../../shared/contracts/records.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import type { Mode } from '../../../shared/domain/stages.ts';
import { update } from '../../../shared/ports/store.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { aPin } from '../../domain/entities.ts';
import { atProbe, goodUntil } from '../../world/behaviours.ts';
import { hasWritten } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const hour = 3_600_000;
const request = { reason: 'incident', actor: 'ann' };
const watch = { for: '10m', minimum: '60s', interval: '10s' };
const notify = aConfig(
  aServiceConfig({ watch, rollback: { ...aServiceConfig().rollback, policy: 'notify' } }),
);

async function aWorld(mode: Mode): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ mode, watch })) });
  await world.deployGood('web-1');
  if (mode !== 'guard') await world.fixTraffic(['web-1', 100]);
  return world;
}

describe('what was decided on, and is held up for hours while Cloud Run does not answer,', () => {
  let away: boolean;

  /** Whoever is to change traffic gets no answer while `away`. */
  function followOutage(world: World): void {
    const run = world.cloudPort();
    const getService: typeof run.getService = async (ref) => {
      if (away) throw new TransientError('UNAVAILABLE');
      return run.getService(ref);
    };
    world.intercept((_ports, hop) => (hop === 'route-traffic' ? { run: { ...run, getService } } : {}));
  }

  /** A decision for web-2 whose effect finds no Cloud Run. */
  async function decideInOutage(world: World, build: string): Promise<void> {
    followOutage(world);
    await expect(world.finishBuild(build)).rejects.toThrow('UNAVAILABLE');
  }

  async function sweepForHours(world: World, hours: number): Promise<void> {
    for (let n = 0; n < hours; n++) {
      await world.clock.sleep(hour);
      await world.sweep().catch(() => undefined);
    }
  }

  it('rolls back no revision that has been healthy since', async () => {
    const world = await aWorld('guard');
    away = true;
    await decideInOutage(world, world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'rollback' });
    world.cloud.setBehaviour(world.ref, 'web-2', answers.good);
    await sweepForHours(world, 10);
    away = false;
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  describe('as a promotion,', () => {
    let world: World;

    beforeEach(async () => {
      world = await aWorld('gate');
      away = false;
      await decideInOutage(
        world,
        world.deployByBuild('web-2', { behaviour: atProbe(2, () => (away = true)) }),
      );
      expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'promote' });
    });

    it('gives users no revision that has been failing since', async () => {
      world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
      await sweepForHours(world, 10);
      away = false;
      await sweepForMinutes(world, 1);
      expect(hasWritten(world, 'web-2', 100)).toBe(false);
      expect(await world.serving()).toEqual({ 'web-1': 100 });
    });

    it('does not keep the sweep from what somebody deploys meanwhile', async () => {
      world.cloud.deploy(world.ref, 'web-3', { behaviour: answers.unavailable });
      await world.fixTraffic(['web-3', 100]);
      await sweepForHours(world, 24);
      expect(await world.run('web-3')).toMatchObject({ openedBy: 'sweep', verdict: 'fail' });
      expect(await world.service()).toMatchObject({
        alarm: { code: 'unverified-revision', revision: 'web-3' },
      });
    });
  });
});

describe('right before its write', () => {
  it('a rollback asks the candidate once more: one that has recovered keeps its traffic', async () => {
    const world = await aWorld('guard');
    let probes = 0;
    const behaviour = () => (++probes <= 3 ? answers.unavailable() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'rollback' });
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      outcome: { code: 'recovered' },
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('a promotion asks the candidate once more: one that fails by now gets nothing', async () => {
    const world = await aWorld('gate');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: goodUntil(4) }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'candidate-failing' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

describe('what people say while a change of traffic is under way', () => {
  /** Does something once, ten seconds before a revision that is asked right before the write answers. */
  function whileProbed(world: World, work: () => Promise<unknown>): void {
    let said: Promise<unknown> | undefined;
    world.intercept((ports, hop) => ({
      prober: {
        probe: async (asked) => {
          if (hop === 'route-traffic') {
            said ??= work();
            await said;
            await world.clock.sleep(10_000);
          }
          return ports.prober.probe(asked);
        },
      },
    }));
  }

  const freeze = (world: World) => freezeOf(serviceKeyOf(world.ref));
  const kill = (world: World) => setControl(killSwitch, request, world.ports);
  const pin = async (world: World) => {
    const ref = documentIn(services, serviceKeyOf(world.ref));
    const known = await world.store.get(ref);
    const state = await world.cloud.getService(world.ref);
    const own = aPin({ owner: 'human', after: state?.traffic ?? [] });
    if (known) await world.store.commit([update(ref, known, { pin: own })]);
  };

  it.each<[string, Mode, (world: World) => Promise<unknown>, string]>([
    ['the kill switch', 'guard', kill, 'frozen'],
    ['a freeze', 'guard', (world) => setControl(freeze(world), request, world.ports), 'frozen'],
    ['a pin', 'guard', pin, 'human-pin'],
    ['another policy', 'guard', (world) => world.applyConfig(notify), 'policy-notify'],
    ['the kill switch', 'gate', kill, 'frozen'],
    [
      'a pause',
      'gate',
      (world) => setControl(pauseOf(serviceKeyOf(world.ref)), request, world.ports),
      'paused',
    ],
  ])('counts, up to its write: %s in mode %s', async (_what, mode, say, code) => {
    const world = await aWorld(mode);
    whileProbed(world, () => say(world));
    const behaviour = mode === 'guard' ? answers.unavailable : answers.good;
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code } });
    const before = mode === 'guard' ? 'web-2' : 'web-1';
    expect(await world.serving()).toEqual({ [before]: 100 });
  });

  it('counts in a watch, too: who has applied the policy notify gets no rollback any more', async () => {
    const world = await aWorld('guard');
    const behaviour = atProbe(8, () => world.applyConfig(notify), goodUntil(20));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.decision('web-2', 'watch')).toMatchObject({ verdict: 'fail' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
