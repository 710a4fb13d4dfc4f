import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { services } from '../../../shared/contracts/records.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import { type ConfigDigest, hashOf, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { create, type Store } from '../../../shared/ports/store.ts';
import { applyConfig } from '../../../shared/services/apply-config.ts';
import { aConfig, aRef, aServiceConfig } from '../../builders.ts';
import { World } from '../../world/world.ts';

const other = { ...aRef, service: 'api' };
const both = aConfig(aServiceConfig(), aServiceConfig({ ...other, name: 'api' }));
const one = aConfig(aServiceConfig());
const digest = hashOf(canonicalJson(one)) as ConfigDigest;

async function aWorldWithAlarm() {
  const world = await World.create({ config: both });
  world.cloud.deploy(world.ref, 'web-1');
  const ref = documentIn(services, serviceKeyOf(other));
  const alarm = { code: 'unverified-revision', text: 't', revision: 'api-1', at: world.clock.now() } as never;
  await world.store.commit([create(ref, { ref: other, name: 'api', lastGood: [], rollbacks: [], alarm })]);
  let away = true;
  const commit: Store['commit'] = async (writes) => {
    if (away && writes.some((write) => write.ref.id === ref.id)) throw new TransientError('away');
    return world.store.commit(writes);
  };
  const store = new Proxy(world.store, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    world,
    ref,
    ports: { ...world.ports, store },
    back: () => {
      away = false;
    },
  };
}

describe('a service leaves the config, and the store is away when its alarm is to be closed', () => {
  it('the next apply closes the alarm', async () => {
    const { world, ref, ports, back } = await aWorldWithAlarm();
    await expect(applyConfig(one, digest, ports)).rejects.toThrow('away');
    back();
    await applyConfig(one, digest, ports);
    expect((await world.store.get(ref))?.data.alarm).toBeUndefined();
  });

  it('the services that stay are validated all the same', async () => {
    const { world, ports } = await aWorldWithAlarm();
    await applyConfig(one, digest, ports).catch(() => undefined);
    await world.bus.idle();
    expect(await world.run('web-1')).toBeDefined();
  });
});
