import { beforeEach, describe, expect, it, test } from '@jest/globals';
import { digestOfConfig } from '../../../shared/config/parse-config.ts';
import type { ServiceConfig } from '../../../shared/contracts/config.ts';
import type { Hop } from '../../../shared/contracts/messages.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { storeConfig } from '../../../shared/services/apply-config.ts';
import { loadWindow } from '../../../shared/services/records/load-pause.ts';
import { beginGuard } from '../../../shared/services/runs/begin-guard.ts';
import { aConfig, aServiceConfig, aSuite, type ServiceChanges } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { goodUntil } from '../../world/behaviours.ts';
import { aCanaryWorld, hasWritten } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const hour = 3_600_000;
const watch = { for: '2m', minimum: '60s', interval: '10s' };
/** From 10:00, when each of these tests begins, to 12:00. */
const morning = { cron: '0 10 * * *', for: '2h', tz: 'UTC' };
/** From the day before to the day after. */
const long = { cron: '0 9 1 * *', for: '63h', tz: 'UTC' };
const longEnds = '2026-03-04T00:00:00+00:00 (UTC)';

function gated(changes: ServiceChanges): ServiceConfig {
  return aServiceConfig({ mode: 'gate', watch, ...changes });
}

async function aGateWorld(changes: ServiceChanges): Promise<World> {
  const world = await World.create({ config: aConfig(gated(changes)) });
  await world.deployGood('web-1');
  await world.fixTraffic(['web-1', 100]);
  return world;
}

/** Whoever works on `hop` for a run asks no revision before this is done. */
function beforeProbesOf(world: World, wanted: Hop, work: () => Promise<unknown>): void {
  let done: Promise<unknown> | undefined;
  world.intercept((ports, hop) =>
    hop === wanted
      ? {
          prober: {
            probe: async (asked) => {
              done ??= work();
              await done;
              return ports.prober.probe(asked);
            },
          },
        }
      : {},
  );
}

const shiftedAt = async (world: World) => (await world.run('web-2'))?.shiftedAt?.getUTCHours();

describe('in a freeze window', () => {
  it('a healthy revision waits at 0 %, and is promoted when it ends', async () => {
    const world = await aGateWorld({ freeze: [morning] });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass', action: 'promote' });
    expect(await shiftedAt(world)).toBe(12);
  });

  it('so does one whose checks have passed', async () => {
    const world = await aGateWorld({
      freeze: [{ ...morning, for: '10m' }],
      suites: [aSuite({ checks: ['a'] })],
    });
    await world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-2') });
    await sweepForMinutes(world, 9);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await sweepForMinutes(world, 10);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('a canary waits at its step, and goes on when it ends', async () => {
    const world = await aCanaryWorld({ freeze: [{ ...morning, cron: '1 10 * * *' }] });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect((await world.decision('web-2', 'health'))?.at.getUTCHours()).toBe(10);
    expect((await world.decision('web-2', 'step-1'))?.at.getUTCHours()).toBe(12);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('a canary that fails gives its traffic back at once', async () => {
    const world = await aCanaryWorld({ freeze: [{ ...morning, cron: '1 10 * * *' }] });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: goodUntil(40) }));
    expect(hasWritten(world, 'web-2', 5)).toBe(true);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect((await world.run('web-2'))?.closedAt?.getUTCHours()).toBe(10);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('a failing deploy that took traffic is rolled back at once', async () => {
    const world = await World.create({ config: aConfig(aServiceConfig({ freeze: [long] })) });
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it.each<[string, readonly ServiceConfig['freeze'][number][]]>([
    ['with', [morning]],
    ['without', []],
  ])('a deploy that took traffic has its deadlines: %s it', async (_what, freeze) => {
    const world = await World.create({ config: aConfig(aServiceConfig({ watch, freeze: [...freeze] })) });
    await world.deployGood('web-1');
    let probes = 0;
    const behaviour = () => (++probes > 4 && probes % 2 ? answers.unavailable() : answers.good());
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    const run = await world.run('web-2');
    expect(run).toMatchObject({ state: 'closed', alert: true, reasons: [{ code: 'deadline' }] });
    expect(run?.closedAt?.getUTCMinutes()).toBeLessThan(20);
    expect(run?.closedAt?.getUTCHours()).toBe(10);
  });

  it('a manual promotion is made', async () => {
    const world = await aGateWorld({ freeze: [long] });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await act(world, 'promote', { revision: 'web-2', force: true })).toMatchObject({ state: 'done' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});

it('no revision gets traffic before notBefore', async () => {
  const world = await aGateWorld({ notBefore: '2026-03-02T13:00:00Z' });
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(await shiftedAt(world)).toBe(13);
});

describe('a window that is open for longer than a run can wait', () => {
  let world: World;

  beforeEach(async () => {
    world = await aGateWorld({ freeze: [long] });
    await world.finishBuild(world.deployByBuild('web-2'));
  });

  it('ends the run at once and without an alarm, and says until when it is open', async () => {
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'inconclusive',
      alert: false,
      reasons: [{ code: 'freeze-window', text: expect.stringContaining(`open until ${longEnds}`) }],
    });
    expect((await world.run('web-2'))?.closedAt?.getUTCHours()).toBe(10);
    expect(await loadWindow(serviceKeyOf(world.ref), world.store)).toMatchObject({
      text: `the freeze window "0 9 1 * *" is open until ${longEnds}`,
      waiting: 'web-2',
    });
  });

  it('has the revision validated again and promoted when it ends, and not before', async () => {
    await sweepForMinutes(world, 90);
    expect(await world.run('web-2', 2)).toBeUndefined();
    expect((await world.service())?.alarm).toBeUndefined();
    await world.clock.sleep(37 * hour);
    await sweepForMinutes(world, 3);
    expect(await world.run('web-2', 2)).toMatchObject({ openedBy: 'sweep', action: 'promote' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await loadWindow(serviceKeyOf(world.ref), world.store)).toBeUndefined();
  });

  it('lets the next deploy be validated, and waits for that one only', async () => {
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.run('web-3')).toMatchObject({ reasons: [{ code: 'freeze-window' }] });
    await world.clock.sleep(39 * hour);
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-3': 100 });
    expect(await world.run('web-2', 2)).toBeUndefined();
  });

  it('is over with a config that has it no more', async () => {
    await world.applyConfig(aConfig(gated({})));
    await sweepForMinutes(world, 2);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});

it('a window of the config that a guard was started with is not overruled by what was applied before', async () => {
  const world = await aGateWorld({});
  const service = gated({ freeze: [long] });
  const config = aConfig(service);
  const digest = digestOfConfig(config);
  await storeConfig(config, digest, world.ports);
  world.deployByBuild('web-2');
  await beginGuard({ config: service, bound: { config, digest } }, world.ports);
  await world.bus.idle();
  expect(await world.run('web-2')).toMatchObject({ reasons: [{ code: 'freeze-window' }] });
  await sweepForMinutes(world, 10);
  expect(await world.serving()).toEqual({ 'web-1': 100 });
  await world.clock.sleep(39 * hour);
  await sweepForMinutes(world, 3);
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

describe('a window that opens between the decision and its write', () => {
  const withWindow = aConfig(gated({ freeze: [long] }));

  test.each<[string, ServiceChanges, (world: World) => Promise<unknown>]>([
    ['by time', { freeze: [{ ...long, cron: '1 10 2 * *' }] }, ({ clock }) => clock.sleep(61_000)],
    ['by a config that is applied', {}, (world) => world.applyConfig(withWindow)],
    [
      'by the config of the run, of which the one in force knows nothing,',
      { freeze: [{ ...long, cron: '1 10 2 * *' }] },
      async (world) => {
        await world.applyConfig(aConfig(gated({})));
        await world.clock.sleep(61_000);
      },
    ],
  ])('%s refuses it', async (_how, changes, open) => {
    const world = await aGateWorld(changes);
    beforeProbesOf(world, 'route-traffic', () => open(world));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'promote' });
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      alert: false,
      outcome: { code: 'freeze-window' },
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

it.each([1, -1])('machines whose clocks are %s hours off give nothing in a window', async (hours) => {
  const world = await aGateWorld({ freeze: [morning] });
  const { clock } = world;
  const off = {
    now: () => new Date(clock.now().getTime() + hours * hour),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (ms: number) => clock.sleep(ms),
  };
  const writes: number[] = [];
  const run = world.cloudPort();
  world.intercept(() => ({
    clock: off,
    run: {
      ...run,
      updateTraffic: (ref, change) => {
        if (change.traffic.some(({ revision, percent }) => revision === 'web-2' && percent > 0))
          writes.push(clock.trueNow().getUTCHours());
        return run.updateTraffic(ref, change);
      },
    },
  }));
  await world.finishBuild(world.deployByBuild('web-2'));
  await sweepForMinutes(world, 240);
  expect(Math.min(...writes)).toBe(12);
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});
