import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { abortOf, killSwitch, outbox } from '../../../shared/contracts/records.ts';
import { PermanentError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { effectIdOf, type RevisionName } from '../../../shared/domain/ids.ts';
import type { CloudRun } from '../../../shared/ports/cloud-run.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { onTrafficWrites } from '../../world/on-traffic-writes.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;

async function aWorld(): Promise<World> {
  const world = await World.create();
  await world.deployGood('web-1');
  return world;
}

const stateOf = async (world: World) =>
  (await world.store.get(documentIn(outbox, effectIdOf(world.runIdOf('web-2'), 'health', 'rollback'))))?.data
    .state;

/** The first write is held up on its way; what comes after is up to `then`. @returns whether it lands in the end */
async function heldUp(
  world: World,
  then: () => void,
  more: Partial<CloudRun> = {},
): Promise<() => Promise<boolean>> {
  let late: (() => Promise<void>) | undefined;
  onTrafficWrites(
    world,
    async (send, ref, change) => {
      if (late) return send(ref, change);
      late = () => send(ref, change);
      then();
      throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
    },
    more,
  );
  // What cannot be read is delivered again, until it is left to the sweep.
  await world
    .finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }))
    .catch(() => undefined);
  return () =>
    (late ?? (() => Promise.reject()))().then(
      () => true,
      () => false,
    );
}

describe('an effect does not end while its write may land', () => {
  it('though a tag names a deleted revision', async () => {
    const world = await aWorld();
    world.cloud.strictTags = true;
    world.cloud.deploy(world.ref, 'web-old', { createTime: new Date('2026-01-01T00:00:00Z') });
    world.cloud.editTraffic(world.ref, [
      { percent: 100 },
      { revision: 'web-1' as RevisionName, percent: 0, tag: 'deploy-loop-stable' },
      { revision: 'web-old' as RevisionName, percent: 0, tag: 'old' },
    ]);
    world.cloud.deleteRevision(world.ref, 'web-old');
    const lands = await heldUp(world, () =>
      world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable),
    );
    expect(await stateOf(world)).toBe('skipped');
    expect(await lands()).toBe(false);
  });

  it('though an answer of Cloud Run cannot be read', async () => {
    const world = await aWorld();
    let broken = false;
    const listRevisions: CloudRun['listRevisions'] = async (ref) => {
      if (broken) throw new PermanentError('the response could not be read');
      return world.cloud.listRevisions(ref);
    };
    const lands = await heldUp(
      world,
      () => {
        broken = true;
      },
      { listRevisions },
    );
    const state = await stateOf(world);
    expect([state, await lands()]).not.toEqual(['stopped', true]);
  });
});

it('an abort that comes between the decision of a rollback and its write is heard', async () => {
  const world = await aWorld();
  const run = world.cloudPort();
  world.intercept((_ports, hop) =>
    hop === 'route-traffic'
      ? {
          run: {
            ...run,
            getService: async (ref) => {
              if (await world.decision('web-2', 'health'))
                await setControl(
                  abortOf(world.runIdOf('web-2')),
                  { reason: 'leave it', actor: 'ann' },
                  world.ports,
                );
              return run.getService(ref);
            },
          },
        }
      : {},
  );
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});

it('an effect whose mark-good marks never landed is not taken for written by traffic that did not change', async () => {
  const rollback = { ...aServiceConfig().rollback, standingTag: false };
  const world = await World.create({ config: aConfig(aServiceConfig({ rollback })) });
  await world.deployGood('web-1');
  world.cloud.editTraffic(world.ref, [{ percent: 100 }]);
  let lost = false;
  world.intercept((_ports, hop) => {
    const run = world.cloudPort();
    if (hop !== 'route-traffic') return {};
    return {
      run: {
        ...run,
        updateTraffic: async (ref, change) => {
          if (lost || !change.annotations['deploy-loop-last-good']?.startsWith('web-2 '))
            return run.updateTraffic(ref, change);
          lost = true;
          world.cloud.bump(world.ref);
          throw new UnknownOutcomeError('UNAVAILABLE');
        },
      },
    };
  });
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(lost).toBe(true);
  expect((await world.cloud.getService(world.ref))?.annotations['deploy-loop-last-good']).toMatch(/^web-2 /);
});

it('a freshly bad revision is an alarm though the service has no record and the kill switch is on', async () => {
  const world = await World.create();
  await setControl(killSwitch, { reason: 'incident', actor: 'ann' }, world.ports);
  world.cloud.deploy(world.ref, 'web-1', { behaviour: answers.unavailable });
  for (let n = 0; n < 20; n++) {
    await world.clock.sleep(minute);
    await world.sweep();
  }
  expect((await world.service())?.alarm).toMatchObject({ revision: 'web-1' });
});
