import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const name = (revision: string) => revision as RevisionName;

/** Another tag of people's on a revision that has no users. */
async function addTag(world: World, revision: string, tag: string): Promise<void> {
  const state = await world.cloud.getService(world.ref);
  world.cloud.editTraffic(world.ref, [
    ...(state?.traffic ?? []),
    { revision: name(revision), percent: 0, tag },
  ]);
}

async function removeTag(world: World, gone: string): Promise<void> {
  const state = await world.cloud.getService(world.ref);
  world.cloud.editTraffic(
    world.ref,
    (state?.traffic ?? []).filter(({ tag }) => tag !== gone),
  );
}

describe('behind a gate, a good revision that a pin kept from users', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: aConfig(aServiceConfig({ mode: 'gate' })) });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    await act(world, 'pin');
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass', reasons: [{ code: 'human-pin' }] });
  });

  it('gets them once the pin is gone', async () => {
    await act(world, 'unpin');
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('gets none, and is no alarm, as long as the pin stays', async () => {
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.service())?.alarm).toBeUndefined();
  });
});

describe('under our pin', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(3_600_000);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('a fix gets the users though a preview with a tag was deployed while it was judged', async () => {
    let probes = 0;
    const behaviour = () => {
      if (++probes === 1) {
        world.cloud.deploy(world.ref, 'web-4');
        void addTag(world, 'web-4', 'pr-4');
      }
      return answers.good();
    };
    await world.finishBuild(world.deployByBuild('web-3', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('a fix is judged though the build of a preview was told of first', async () => {
    const fix = world.deployByBuild('web-3');
    const preview = world.deployByBuild('web-4');
    await addTag(world, 'web-4', 'pr-4');
    await world.finishBuild(preview);
    await world.finishBuild(fix);
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('the build of a preview does not end the run of a fix', async () => {
    let probes = 0;
    const behaviour = () => {
      if (++probes === 1) {
        const preview = world.deployByBuild('web-4');
        void addTag(world, 'web-4', 'pr-4').then(() =>
          world.publish('begin-validation', { kind: 'build', name: preview }),
        );
      }
      return answers.good();
    };
    await world.finishBuild(world.deployByBuild('web-3', { behaviour }));
    expect(await world.run('web-3')).toMatchObject({ verdict: 'pass' });
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('people are told of a revision that was left alone for its tag once the tag is gone', async () => {
    const build = world.deployByBuild('web-3');
    await addTag(world, 'web-3', 'look');
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'preview' } });
    await sweepForMinutes(world, 2);
    expect((await world.service())?.alarm).toBeUndefined();
    await removeTag(world, 'look');
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.service())?.alarm).toMatchObject({ code: 'unvalidated-revision', revision: 'web-3' });
  });
});
