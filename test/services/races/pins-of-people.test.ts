import { describe, expect, it } from '@jest/globals';
import { UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { ServiceState } from '../../../shared/domain/service-state.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { onTrafficWrites } from '../../world/on-traffic-writes.ts';
import { World } from '../../world/world.ts';

describe("a human's pin", () => {
  it('stays when a rollback whose write never arrived finds its traffic there', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    let dropped = false;
    onTrafficWrites(world, async (send, ref, change) => {
      if (dropped) return send(ref, change);
      dropped = true;
      // The write never arrives; meanwhile Ann pins the good revision herself.
      await act2(world);
      throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(dropped).toBe(true);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human' });
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('stays when the rollback before it is recorded late', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    let pinned = false;
    world.intercept((ports, hop) => {
      if (hop !== 'route-traffic') return {};
      const store = aroundStore(ports.store, {
        commit: async (writes) => {
          await ports.store.commit(writes);
          if (pinned || !writes.some((w) => w.kind === 'update' && w.ref.collection.path === 'intents'))
            return;
          pinned = true;
          await act2(world);
        },
      });
      return { store };
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(pinned).toBe(true);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human' });
  });

  it('is not taken for lost by a sweep that read the service before it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    let stalled = false;
    world.intercept((_ports, hop) => {
      if (hop !== 'sweep-stale-runs') return {};
      const run = world.cloudPort();
      return {
        run: {
          ...run,
          getService: async (ref) => {
            const state: ServiceState | undefined = await run.getService(ref);
            if (!stalled) {
              stalled = true;
              await act2(world);
            }
            return state;
          },
        },
      };
    });
    await world.clock.sleep(600_000);
    await world.sweep();
    expect(stalled).toBe(true);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.service())?.pin).toMatchObject({ owner: 'human' });
  });
});

import { routeTraffic } from '../../../shared/services/route-traffic.ts';
import { requestManually } from '../../../shared/services/traffic/request-manually.ts';

/** Ann pins `revision`, executed by another process right now. */
async function act2(world: World, revision = 'web-1'): Promise<void> {
  const request = { actor: 'ann', why: 'because', force: true, revision: revision as RevisionName };
  const effectId = await requestManually(
    { kind: 'pin', ref: world.ref, request },
    { ...world.ports, bus: { publish: async () => {} } },
  );
  await routeTraffic({ effectId }, world.ports);
}
