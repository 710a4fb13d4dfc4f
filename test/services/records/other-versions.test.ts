import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ServiceConfig } from '../../../shared/contracts/config.ts';
import { type Collection, documentIn } from '../../../shared/contracts/document.ts';
import { configs, currentConfig, rejections, runs } from '../../../shared/contracts/records.ts';
import { CorruptRecordError } from '../../../shared/domain/errors.ts';
import type { ConfigDigest } from '../../../shared/domain/ids.ts';
import { create, update } from '../../../shared/ports/store.ts';
import { handleMessage } from '../../../shared/runtime/handle-message.ts';
import { aServiceConfig, aSuite } from '../../builders.ts';
import { goodUntil } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const digest = 'abcdefabcdefabcdefab' as ConfigDigest;
const service = aServiceConfig({ watch: { for: '10m', minimum: '60s', interval: '10s' } });

/** The same documents, whatever stands in them. */
const rawly = (path: string): Collection<Record<string, unknown>> => ({ path, schema: z.looseObject({}) });

/** A config comes into force as another version has stored it. */
async function putInForce({ store, clock }: World, config: object): Promise<void> {
  await store.commit([create(documentIn(rawly(configs.path), digest), { config, appliedAt: clock.now() })]);
  const current = await store.get(currentConfig);
  if (!current) throw new Error('no config is in force');
  await store.commit([update(currentConfig, current, { digest })]);
}

/** As it was stored before there were suites. */
function older({ suites, tests, ...rest }: ServiceConfig): object {
  return { version: 1, services: [rest] };
}

/** With keys that come later, at any depth. */
function newer(stored: ServiceConfig): object {
  const suites = [{ ...aSuite(), later: true, checks: [{ name: 'a', path: '/', later: [1] }] }];
  const health = { ...stored.health, expect: { ...stored.health.expect, later: '1s' } };
  return { version: 1, later: {}, services: [{ ...stored, suites, health, later: { slack: 'x' } }] };
}

describe('a config that another version has stored', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
  });

  it.each([
    ['an older', older],
    ['a newer', newer],
  ])('is in force as before: %s', async (_which, configOf) => {
    await putInForce(world, configOf(service));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ configDigest: digest, outcome: { code: 'restored' } });
    expect(await world.store.find({ collection: rejections, where: [], limit: 1 })).toEqual([]);
  });

  it.each([
    ['an older', older],
    ['a newer', newer],
  ])('lets a run be rolled back that is watched under it: %s', async (_which, configOf) => {
    await putInForce(world, configOf(service));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: goodUntil(20) }));
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', stage: 'reverify', verdict: 'fail' });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('keeps the keys that this version does not know', async () => {
    const config = newer(service);
    await putInForce(world, config);
    await world.finishBuild(world.deployByBuild('web-2'));
    const stored = await world.store.get(documentIn(rawly(configs.path), digest));
    expect(stored?.data.config).toEqual(config);
  });

  it('is refused with a value that this version does not know', async () => {
    await putInForce(world, { version: 1, services: [{ ...service, mode: 'bluegreen', later: true }] });
    const read = world.store.get(documentIn(configs, digest));
    await expect(read).rejects.toBeInstanceOf(CorruptRecordError);
    await expect(read).rejects.toThrow('config.services.0.mode');
  });
});

describe('a run to which a newer version has added a field', () => {
  it('keeps it when it is updated', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    const raw = documentIn(rawly(runs.path), world.runIdOf('web-2'));
    const written = await world.store.get(raw);
    if (!written) throw new Error('no run');
    await world.store.commit([update(raw, written, { later: { a: 1 } })]);

    const ref = documentIn(runs, world.runIdOf('web-2'));
    const run = await world.store.get(ref);
    if (!run) throw new Error('no run');
    await world.store.commit([update(ref, run, { alert: true })]);
    expect((await world.store.get(raw))?.data).toMatchObject({ alert: true, later: { a: 1 } });
  });
});

describe('a message of a newer version', () => {
  it('is handled without what it adds', async () => {
    const { ports } = await World.create();
    const handled: unknown[] = [];
    const uuid = '01234567-89ab-cdef-0123-456789abcdef';
    const message = { kind: 'build', name: `projects/p/locations/us-central1/builds/${uuid}` };
    await handleMessage(
      'begin-validation',
      { ...message, later: true },
      async (parsed) => void handled.push(parsed),
      ports,
    );
    expect(handled).toEqual([message]);
  });

  it('is refused with a value of another kind', async () => {
    const { ports } = await World.create();
    await handleMessage('check-health', { runId: 1, later: true }, () => Promise.reject(), ports);
    const [rejection] = await ports.store.find({ collection: rejections, where: [], limit: 2 });
    expect(rejection?.data.reason).toMatchObject({ code: 'malformed' });
  });
});
