import { expect, it } from '@jest/globals';
import { killSwitch } from '../../../shared/contracts/records.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { lastRunOf } from '../../../shared/services/records/last-run.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { aCanaryWorld } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;
const hour = 60 * minute;

async function sweepFor(world: World, minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    await world.clock.sleep(minute);
    await world.sweep();
  }
}

it.each([5, 4])(
  'a good canary that the kill switch held at %d % goes on once it is lifted, or is an alarm',
  async (percent) => {
    const world = await aCanaryWorld({
      steps: [
        { percent, hold: '2m' },
        { percent: 100, hold: '2m' },
      ],
    });
    const run = world.cloudPort();
    world.intercept((_ports, hop) =>
      hop === 'route-traffic'
        ? {
            run: {
              ...run,
              getService: async (ref) => {
                if ((await world.decision('web-2', 'step-1'))?.action === 'step')
                  await setControl(killSwitch, { reason: 'incident', actor: 'ann' }, world.ports);
                return run.getService(ref);
              },
            },
          }
        : {},
    );
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.serving()).toEqual({ 'web-1': 100 - percent, 'web-2': percent });
    world.intercept(() => ({}));
    await liftControl(killSwitch, 'ann', world.ports);
    await sweepFor(world, 60);
    const served = (await world.serving())['web-2'] === 100;
    const alarm = (await world.service())?.alarm?.revision;
    expect({ served, alarm }).not.toEqual({ served: false, alarm: undefined });
  },
);

it('a promotion by hand revives no pin that somebody else has ended', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  await world.finishBuild(world.deployByBuild('web-2'));
  await act(world, 'pin', { revision: 'web-1' });
  // By the console: traffic follows LATEST again. The sweep has not come by yet.
  world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
  world.cloud.deploy(world.ref, 'web-3');
  world.cloud.editTraffic(world.ref, [
    { revision: 'web-2' as RevisionName, percent: 100 },
    ...(await world.tags()),
  ]);
  await act(world, 'promote', { revision: 'web-3', force: true });
  expect((await world.service())?.pin).toBeUndefined();
});

it('a bad revision is validated again soon, though what closed its run was ten hours ahead', async () => {
  const rollback = { ...aServiceConfig().rollback, policy: 'notify' as const };
  const world = await World.create({ config: aConfig(aServiceConfig({ rollback })) });
  await world.deployGood('web-1');
  world.intercept((_ports, hop) =>
    hop === 'decide-stage'
      ? {
          clock: {
            now: () => new Date(world.clock.now().getTime() + 10 * hour),
            monotonicMs: () => world.clock.monotonicMs(),
            sleep: (ms: number) => world.clock.sleep(ms),
          },
        }
      : {},
  );
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  world.intercept(() => ({}));
  await sweepFor(world, 180);
  expect((await lastRunOf(world.store, world.ref, 'web-2' as RevisionName))?.data.attempt).toBeGreaterThan(1);
});

it('a worker more for each nudge does not stay: looks of a stage do not multiply', async () => {
  const world = await aCanaryWorld();
  let asked = 0;
  let counting = false;
  world.intercept((ports, hop) => {
    if (hop !== 'check-health') return {};
    return {
      prober: {
        ...ports.prober,
        probe: async (request) => {
          if (counting) asked++;
          return ports.prober.probe(request);
        },
      },
    };
  });
  await world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-2') });
  // Until it stands on its first step.
  while (!(await world.decision('web-2', 'health'))) await world.clock.sleep(1_000);
  while ((await world.run('web-2'))?.stage !== 'step-1') await world.clock.sleep(1_000);
  // The decision is delivered again, ten times.
  for (let n = 0; n < 10; n++)
    await world.publish('decide-stage', { runId: world.runIdOf('web-2'), stage: 'health' });
  counting = true;
  await world.clock.sleep(100_000);
  counting = false;
  const looks = (await world.facts('web-2', 'step-1')).length;
  await world.bus.idle();
  // As many probes as looks, give or take one for each worker at the start.
  expect(asked).toBeLessThan(3 * looks);
});
