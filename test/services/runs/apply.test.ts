import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../shared/contracts/config.ts';
import { configs, currentConfig } from '../../../shared/contracts/records.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import { type ConfigDigest, hashOf } from '../../../shared/domain/ids.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { applyConfig } from '../../../shared/services/apply-config.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const digestOf = (config: Config) => hashOf(canonicalJson(config)) as ConfigDigest;

async function apply(world: World, config: Config) {
  const applied = await applyConfig(config, digestOf(config), world.ports);
  await world.bus.idle();
  return applied;
}

async function inForce(world: World) {
  const known = await world.store.find({ collection: configs, where: [], limit: 10 });
  return { digest: (await world.store.get(currentConfig))?.data.digest, known: known.map(({ id }) => id) };
}

const impatient = aConfig(aServiceConfig({ health: { ...aServiceConfig().health, failureThreshold: 1 } }));

describe('apply', () => {
  it('makes the revision that serves the last good one, once it has passed', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1');
    expect(await apply(world, aConfig())).toEqual([{ name: 'web', exists: true, serving: 'web-1' }]);
    expect(await world.run('web-1')).toMatchObject({
      openedBy: 'apply',
      verdict: 'pass',
      action: 'mark-good',
    });
    expect((await world.service())?.lastGood).toMatchObject([{ revision: 'web-1' }]);
  });

  it('does not, when it fails', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1', { behaviour: answers.unavailable });
    await apply(world, aConfig());
    expect(await world.run('web-1')).toMatchObject({ verdict: 'fail', action: 'none' });
    expect((await world.service())?.lastGood).toEqual([]);
    expect(world.cloud.writes).toEqual([]);
  });

  it('of the same file again keeps one config, in force, and asks for no second run of what passed', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1');
    await apply(world, aConfig());
    await apply(world, aConfig());
    expect(await inForce(world)).toEqual({ digest: digestOf(aConfig()), known: [digestOf(aConfig())] });
    expect(await world.run('web-1', 2)).toBeUndefined();
  });

  it('of the same file again validates once more what has not passed', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1', { behaviour: answers.unavailable });
    await apply(world, aConfig());
    world.cloud.setBehaviour(world.ref, 'web-1', answers.good);
    await apply(world, aConfig());
    expect(await world.run('web-1', 2)).toMatchObject({ verdict: 'pass', action: 'mark-good' });
  });

  it('of a changed file puts the new one in force; runs stay bound to theirs', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await world.publish('begin-validation', { kind: 'build', name: build });
    await world.clock.sleep(1_000);
    await apply(world, impatient);
    expect(await inForce(world)).toMatchObject({ digest: digestOf(impatient) });
    expect((await inForce(world)).known.sort()).toEqual([digestOf(aConfig()), digestOf(impatient)].sort());
    expect(await world.run('web-2')).toMatchObject({ configDigest: digestOf(aConfig()), verdict: 'fail' });
    const { facts } = (await world.decision('web-2', 'health')) ?? {};
    expect(facts).toBe(3);
    await world.clock.sleep(600_000);
    world.cloud.editTraffic(world.ref, [{ percent: 100 }]);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(await world.run('web-3')).toMatchObject({ configDigest: digestOf(impatient) });
    expect(await world.decision('web-3', 'health')).toMatchObject({ facts: 1 });
  });

  it('validates the other services when one cannot be read, and then says so', async () => {
    const config = aConfig({ ...aServiceConfig(), name: 'shop', service: 'shop' }, aServiceConfig());
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-1');
    const getService = world.cloud.getService.bind(world.cloud);
    world.cloud.getService = async (ref) => {
      if (ref.service === 'shop') throw new PermanentError('PERMISSION_DENIED');
      return await getService(ref);
    };
    await expect(apply(world, config)).rejects.toThrow('PERMISSION_DENIED');
    await world.bus.idle();
    expect((await world.service())?.lastGood).toMatchObject([{ revision: 'web-1' }]);
  });

  it('names a service that is not there, or serves nothing', async () => {
    const world = await World.create();
    expect(await apply(world, aConfig())).toEqual([{ name: 'web', exists: false, serving: undefined }]);
  });
});
