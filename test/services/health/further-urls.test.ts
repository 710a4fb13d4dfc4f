import { describe, expect, it } from '@jest/globals';
import type { ProbeAnswer } from '../../../shared/ports/prober.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const url = 'https://shop.example.com/health';

async function aDeployBehind(edge: typeof answers.good, behaviour = answers.good): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ urls: [url] })) });
  await world.deployGood('web-1');
  world.cloud.edges.set(url, edge);
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  return world;
}

describe('further URLs of a service', () => {
  it('make no difference while they answer too', async () => {
    const world = await aDeployBehind(answers.good);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(world.cloud.probed.filter((probed) => probed === url)).toHaveLength(3);
  });

  it('that fail while the revision itself is good are the edge, and no reason to roll back or to pass', async () => {
    const world = await aDeployBehind(answers.unavailable);
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      action: 'none',
      reasons: [
        { code: 'edge', text: expect.stringContaining('through its URLs: shop.example.com: HTTP 503') },
      ],
    });
    expect(world.cloud.writes).toHaveLength(0);
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it('that their proxy keeps from answering say what to grant', async () => {
    const headers = {
      'x-goog-iap-generated-response': 'true',
      location: 'https://accounts.google.com/login',
    };
    const world = await aDeployBehind((): ProbeAnswer => ({ ...respond(302, ''), headers }) as ProbeAnswer);
    const { reasons = [], ...run } = (await world.run('web-2')) ?? {};
    expect(run).toMatchObject({ verdict: 'inconclusive', action: 'none' });
    expect(reasons[0]?.text).toContain('grant roles/iap.httpsResourceAccessor');
  });

  it('get a token for their own proxy, and nothing that is for the service or for another of them', async () => {
    const iapAudience = '1-a.apps.googleusercontent.com';
    const plain = 'https://plain.example.com/';
    const own = 'https://web-abc-uc.a.run.app/health';
    const tls = { ca: 'PEM' };
    const world = await World.create({
      config: aConfig(aServiceConfig({ urls: [plain, { url, iapAudience }, own], tls })),
    });
    await world.deployGood('web-1');
    for (const edge of [plain, url, own]) world.cloud.edges.set(edge, answers.good);
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });

    const asked = Map.groupBy(world.cloud.requests, (request) => request.url);
    const further = { authenticate: 'never', ca: 'PEM' };
    expect(asked.get(url)?.[0]).toMatchObject({ ...further, iapAudience });
    expect(asked.get(plain)?.[0]).toMatchObject(further);
    expect(asked.get(own)?.[0]).toMatchObject({ authenticate: 'never' });
    const withToken = world.cloud.requests.filter((request) => request.iapAudience !== undefined);
    expect(new Set(withToken.map((request) => request.url))).toEqual(new Set([url]));
    const trusting = world.cloud.requests.filter((request) => request.ca !== undefined);
    expect(new Set(trusting.map((request) => request.url))).toEqual(new Set([plain, url]));
  });

  it('are not asked about a revision that fails by itself', async () => {
    const world = await aDeployBehind(answers.unavailable, answers.unavailable);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(world.cloud.probed).not.toContain(url);
  });
});
