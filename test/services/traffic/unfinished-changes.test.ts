import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { freezeOf, outbox } from '../../../shared/contracts/records.ts';
import { type RevisionName, serviceKeyOf } from '../../../shared/domain/ids.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { sweepTags } from '../../../shared/services/traffic/sweep-tags.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { request } from '../../world/act-manually.ts';
import { atProbe } from '../../world/behaviours.ts';
import { World } from '../../world/world.ts';

const gate = aConfig(aServiceConfig({ mode: 'gate' }));
async function sweepMinutes(world: World, minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
}

describe('what a dead process left behind', () => {
  it('keeps no rollback waiting: a change by hand is finished by whoever meets it', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
    const effectId = await request(world, 'pin');
    let died = false;
    world.intercept((ports, hop): Partial<Ports> => {
      if (hop !== 'route-traffic' || died) return {};
      const run = world.cloudPort();
      const updateTraffic: typeof run.updateTraffic = async (...args) => {
        await run.updateTraffic(...args);
        died = true;
        return new Promise(() => {});
      };
      return { ...ports, run: { ...run, updateTraffic } };
    });
    void world.publish('route-traffic', { effectId });
    while (!died) await world.clock.sleep(100);
    await world.clock.sleep(24 * 3_600_000);
    void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-3') });
    const stateOf = async () => (await world.store.get(documentIn(outbox, effectId)))?.data.state;
    // An hour is far more than it takes: without a bound, an effect that nobody finishes would never fail here.
    for (let second = 0; second < 3_600 && (await stateOf()) === 'open'; second++)
      await world.clock.sleep(1_000);
    expect(await stateOf()).not.toBe('open');
    expect((await world.service())?.pin).toMatchObject({ owner: 'human', target: 'web-2' });
  });

  it('tells a human when a promotion may have been made', async () => {
    const world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    const after = () => {
      const share = (revision: string, percent: number) => ({ revision: revision as RevisionName, percent });
      world.cloud.editTraffic(world.ref, [share('web-1', 60), share('web-2', 40)]);
      world.cloud.dropAnnotations(world.ref);
    };
    // The first write is the tag.
    const lose = () => world.cloud.writeFaults.push({ kind: 'lost-answer', after });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: atProbe(1, lose) }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'unknown-outcome' }, alert: true });
  });

  it('are no tags: what a freeze kept from being removed goes when it is lifted', async () => {
    const world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    await world.finishBuild(world.deployByBuild('web-2'));
    const freeze = freezeOf(serviceKeyOf(world.ref));
    await setControl(freeze, { reason: 'release', actor: 'ann' }, world.ports);
    const state = await world.cloud.getService(world.ref);
    if (state) await sweepTags(state, world.runIdOf('web-2'), world.ports);
    await world.bus.idle();
    expect(await world.tags()).toHaveLength(2);
    await liftControl(freeze, 'ann', world.ports);
    await sweepMinutes(world, 1);
    expect((await world.tags()).map((target) => target.tag)).toEqual(['deploy-loop-stable']);
  });
});
