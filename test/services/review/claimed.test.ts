import { describe, expect, it } from '@jest/globals';
import { TransientError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;

describe('a rollback whose write never arrived', () => {
  it('does not claim what a human did by the console, and promotes nothing over it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    // Its mark-good leaves a mark: a write of ours that lands replaces it, the console keeps it.
    await world.finishBuild(world.deployByBuild('web-2'));
    const markBefore = (await world.cloud.getService(world.ref))?.annotations['deploy-loop-effect'];
    expect(markBefore).toBeDefined();
    await world.clock.sleep(60 * minute);
    let dropped = false;
    world.intercept((_ports, hop) => {
      if (hop !== 'route-traffic') return {};
      const run = world.cloudPort();
      return {
        run: {
          ...run,
          updateTraffic: async (ref, change) => {
            const isRollback = change.traffic.some((t) => t.revision === 'web-2' && t.percent === 100);
            if (dropped || !isRollback) return run.updateTraffic(ref, change);
            dropped = true;
            world.cloud.editTraffic(world.ref, [
              { revision: 'web-2' as RevisionName, percent: 100 },
              ...(await world.tags()),
            ]);
            throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
          },
        },
      };
    });
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(dropped).toBe(true);
    expect((await world.service())?.pin).toBeUndefined();
    await world.clock.sleep(60 * minute);
    await world.finishBuild(world.deployByBuild('web-4'));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});

it('an outage of Cloud Run during an effect leaves one worker, not one for each minute', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  let away = true;
  let probes = 0;
  world.intercept((ports, hop) => {
    const run = world.cloudPort();
    if (hop === 'route-traffic')
      return {
        run: {
          ...run,
          getService: async (ref) => {
            // The call hangs for a while, and then fails.
            if (away && (await world.decision('web-2', 'health'))) {
              await world.clock.sleep(20_000);
              if (away) throw new TransientError('UNAVAILABLE');
            }
            return run.getService(ref);
          },
        },
      };
    if (hop !== 'check-health') return {};
    return {
      prober: {
        ...ports.prober,
        probe: async (request) => {
          if (!away) probes++;
          return ports.prober.probe(request);
        },
      },
    };
  });
  await world.publish('begin-validation', {
    kind: 'build',
    name: world.deployByBuild('web-2', { behaviour: answers.unavailable }),
  });
  while (!(await world.decision('web-2', 'health'))) await world.clock.sleep(1_000);
  for (let n = 0; n < 8; n++) {
    await world.clock.sleep(minute);
    await world.publish('sweep-stale-runs', {});
  }
  away = false;
  await world.bus.idle().catch(() => undefined);
  expect(await world.serving()).toEqual({ 'web-1': 100 });
  const looks = (await world.facts('web-2', 'reverify')).length;
  expect(looks).toBeGreaterThan(0);
  expect(probes).toBeLessThanOrEqual(2 * looks);
});

it('no rollback is made for a service that was taken out of the config before its write', async () => {
  const world = await World.create();
  await world.deployGood('web-1');
  const run = world.cloudPort();
  let removed = false;
  world.intercept((_ports, hop) =>
    hop === 'route-traffic'
      ? {
          run: {
            ...run,
            getService: async (ref) => {
              if (!removed && (await world.decision('web-2', 'health'))) {
                removed = true;
                await world.applyConfig(aConfig(aServiceConfig({ name: 'api', service: 'api' as never })));
              }
              return run.getService(ref);
            },
          },
        }
      : {},
  );
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  expect(removed).toBe(true);
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});
