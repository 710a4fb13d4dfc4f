import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { deliver, request } from '../../world/act-manually.ts';
import { atProbe, goodUntil } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const web2 = 'web-2' as RevisionName;
const watch = { for: '10m', minimum: '60s', interval: '10s' };

describe('LATEST', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: aConfig(aServiceConfig({ watch })) });
    await world.deployGood('web-1');
  });

  /** As `gcloud run deploy --no-traffic`: what LATEST is becomes a name, so that the new revision gets nothing. */
  async function deployPreview(): Promise<void> {
    world.cloud.deploy(world.ref, 'web-3');
    world.cloud.editTraffic(world.ref, [{ revision: web2, percent: 100 }, ...(await world.tags())]);
  }

  it.each([
    ['a bad revision is rolled back', atProbe(1, () => deployPreview(), answers.unavailable)],
    ['one that fails in its watch is rolled back', atProbe(6, () => deployPreview(), goodUntil(40))],
  ])('that a preview spells as a name is no human change: %s', async (_what, behaviour) => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(world.cloud.has(world.ref, 'web-3')).toBe(true);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('that has moved on since a person asked for a rollback is not what he wanted back from', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(3_600_000);
    const effectId = await request(world, 'rollback');
    world.cloud.deploy(world.ref, 'web-3');
    expect(await deliver(world, effectId)).toMatchObject({
      state: 'skipped',
      outcome: { code: 'traffic-changed' },
    });
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });
});
