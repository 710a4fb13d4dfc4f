import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { outbox } from '../../../shared/contracts/records.ts';
import { effectIdOf, type RevisionName } from '../../../shared/domain/ids.ts';
import type { ProbeAnswer, ProbeRequest } from '../../../shared/ports/prober.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, type Behaviour, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const { health } = aServiceConfig();

/** An application that accepts its users' host only, as frameworks with a list of allowed hosts do. */
function behindHosts(behaviour: Behaviour, status = 400): Behaviour {
  return (request) => {
    const host = request?.headers?.['x-forwarded-host'] ?? new URL(request?.url ?? '').host;
    return host.includes('---') ? respond(status, '<h1>Bad Request</h1>') : behaviour(request);
  };
}

const good = behindHosts(answers.good);

/** A service whose first revision was validated by the guard, in the way of `apply`. */
async function aVerifiedWorld(behaviour: Behaviour, config = aServiceConfig()): Promise<World> {
  const world = await World.create({ config: aConfig(config) });
  world.cloud.deploy(world.ref, 'web-1', { behaviour });
  await world.publish('begin-validation', {
    kind: 'revision',
    ref: world.ref,
    revision: 'web-1' as RevisionName,
    openedBy: 'apply',
    attempt: 1,
  });
  await world.bus.idle();
  await world.clock.sleep(3_600_000);
  return world;
}

describe('an application that refuses the hosts of its tags', () => {
  let world: World;

  beforeEach(async () => {
    world = await aVerifiedWorld(good);
  });

  const deploy = (behaviour: Behaviour) =>
    world.finishBuild(world.deployByBuild('web-2', { behaviour: behindHosts(behaviour) }));

  it('is known as one as soon as a revision of it is good, and its owner is told', async () => {
    expect(await world.service()).toMatchObject({
      lastGood: [{ revision: 'web-1' }],
      tagRefusal: { fault: 'wrong-status', status: 400, revision: 'web-1' },
    });
    const id = effectIdOf(world.runIdOf('web-1'), 'watch', 'mark-good');
    const effect = await world.store.get(documentIn(outbox, id));
    expect(effect?.data.outcome?.text).toMatch(/HTTP 400.*set health\.host/);
  });

  it('does not excuse a release that is down: users go back to what was good', async () => {
    await deploy(answers.unavailable);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    const run = await world.run('web-2');
    expect(run).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(run?.reasons.map(({ code }) => code)).toEqual(['server-error', 'stable-unreachable']);
  });

  it.each<[string, Behaviour]>([
    ['is down too', answers.unavailable],
    ['fails in another way', behindHosts(answers.good, 404)],
  ])('still excuses a release whose stable revision %s', async (_how, behaviour) => {
    world.cloud.setBehaviour(world.ref, 'web-1', behaviour);
    await deploy(answers.unavailable);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'inconclusive' });
  });

  it('is forgotten once a revision answers by its tag', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    expect((await world.service())?.lastGood[0]?.revision).toBe('web-2');
    expect((await world.service())?.tagRefusal).toBeUndefined();
  });
});

it('what a tag answers while users get no good answer either is no refusal of hosts', async () => {
  const isBad = { now: false };
  const behaviour = (request?: ProbeRequest): ProbeAnswer => {
    isBad.now ||= request?.url.includes('---') === true;
    return isBad.now ? respond(404, '{}') : answers.good();
  };
  const world = await aVerifiedWorld(behaviour);
  expect((await world.service())?.lastGood).toHaveLength(1);
  expect((await world.service())?.tagRefusal).toBeUndefined();
});

it('a tag that gives no answer keeps nobody waiting, however long a probe may take', async () => {
  const config = aServiceConfig({ health: { ...health, timeout: '30s' } });
  const world = await World.create({ config: aConfig(config) });
  world.intercept(({ prober }) => ({
    prober: {
      probe: async (request) => {
        if (!request.url.includes('---')) return prober.probe(request);
        await world.clock.sleep(30_000);
        return {
          kind: 'no-answer',
          cause: 'timeout',
          latencyMs: 30_000,
          detail: 'no complete response in time',
        };
      },
    },
  }));
  world.cloud.deploy(world.ref, 'web-1', {});
  await world.finishBuild(world.deployByBuild('web-2'));
  const id = effectIdOf(world.runIdOf('web-2'), 'watch', 'mark-good');
  const effect = (await world.store.get(documentIn(outbox, id)))?.data;
  const tookMs = (effect?.endedAt?.getTime() ?? Number.NaN) - (effect?.createdAt.getTime() ?? 0);
  expect(tookMs).toBeLessThan(60_000);
});

it.each([400, 403])('a gate blames no release for a host that is refused with %s', async (status) => {
  const gate = aServiceConfig({ mode: 'gate' });
  const world = await aVerifiedWorld(behindHosts(answers.good, status), gate);
  await world.fixTraffic(['web-1', 100]);
  const behaviour = behindHosts(answers.good, status);
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  expect(await world.serving()).toEqual({ 'web-1': 100 });
  expect(await world.run('web-2')).toMatchObject({
    verdict: 'inconclusive',
    reasons: [{ code: 'unreachable', text: expect.stringContaining('health.host') }],
  });
});

it('health.host is what tag URLs are asked with, and no other', async () => {
  const config = aServiceConfig({ mode: 'gate', health: { ...health, host: 'shop.example' } });
  const world = await aVerifiedWorld(good, config);
  await world.fixTraffic(['web-1', 100]);
  const hosts = new Map<string, string | undefined>();
  const behaviour: Behaviour = (request) => {
    hosts.set(new URL(request?.url ?? '').host, request?.headers?.['x-forwarded-host']);
    return good(request);
  };
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  expect(await world.serving()).toEqual({ 'web-2': 100 });
  const tagged = [...hosts].filter(([host]) => host.includes('---'));
  expect(tagged.map(([, host]) => host)).toContain('shop.example');
  expect(new Set(tagged.map(([, host]) => host)).size).toBe(1);
  expect(hosts.get('web.run.test')).toBeUndefined();
});
