import { beforeEach, describe, expect, it } from '@jest/globals';
import { trafficTags } from '../../../shared/domain/traffic/traffic-tags.ts';
import type { CheckTarget } from '../../../shared/ports/check-runner.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import { answers, type Behaviour, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const url = 'https://shop.example.com/health';
const { health } = aServiceConfig();
const config = { urls: [url], health: { ...health, via: 'urls' as const } };

/** A service that answers its load balancer only: by its own hosts the platform says that there is nothing. */
async function anInternalWorld(changes: Parameters<typeof aServiceConfig>[0] = {}): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ ...config, ...changes })) });
  await world.deployGood('web-1');
  world.intercept(({ prober }) => ({
    prober: {
      probe: async (request) =>
        request.url === url
          ? prober.probe({ ...request, url: 'https://web.run.test/health' })
          : answers.platformNotFound(),
    },
  }));
  return world;
}

describe('a service that is reachable by its URLs alone', () => {
  let world: World;

  beforeEach(async () => {
    world = await anInternalWorld();
  });

  const deploy = (behaviour: Behaviour) => world.finishBuild(world.deployByBuild('web-2', { behaviour }));

  it('is judged by them, once no old revision can answer', async () => {
    const startedMs = world.clock.monotonicMs();
    await deploy(answers.good);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect((await world.service())?.lastGood[0]?.revision).toBe('web-2');
    expect(world.clock.monotonicMs() - startedMs).toBeGreaterThan(10_000);
  });

  it('goes back to what was good when the new revision is down, and is looked at again', async () => {
    await deploy(answers.unavailable);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'fail',
      outcome: { code: 'restored' },
      reasons: [{ code: 'server-error' }, { code: 'stable-unreachable' }],
    });
  });

  it('keeps a revision that is wrong in a softer way: nothing can be compared', async () => {
    await deploy(() => respond(404, '{}'));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'inconclusive' });
  });

  it('gets no tags, which nobody could use', async () => {
    await world.fixTraffic(['web-1', 100]);
    await deploy(answers.good);
    const { standing } = trafficTags('web');
    const written = world.cloud.writes.flatMap(({ traffic }) => traffic.map(({ tag }) => tag));
    expect(written.filter((tag) => tag !== undefined && tag !== standing)).toEqual([]);
  });

  it('gives no traffic to a revision that has none: nobody can ask it before', async () => {
    await world.fixTraffic(['web-1', 100]);
    await deploy(answers.good);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'unreachable', text: expect.stringContaining('health.via is urls') }],
    });
  });
});

it('checks of such a service ask the host of its first URL, without a token of the service', async () => {
  const world = await anInternalWorld({ suites: [aSuite()] });
  const targets: CheckTarget[] = [];
  world.checks.answer = (_asked, target) => {
    targets.push(target);
    return undefined;
  };
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(targets.length).toBeGreaterThan(0);
  for (const target of targets)
    expect(target).toMatchObject({ url: 'https://shop.example.com', authenticate: 'never', edges: [] });
});
