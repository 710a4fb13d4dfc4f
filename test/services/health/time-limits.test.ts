import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig, type ServiceChanges } from '../../builders.ts';
import { atProbe, goodUntil } from '../../world/behaviours.ts';
import { aCanaryWorld, hasWritten } from '../../world/canary-world.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const watch = { for: '2m', minimum: '60s', interval: '10s' };
const { requestLog } = aServiceConfig();

async function aWorld(changes: ServiceChanges = {}): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ watch, ...changes })) });
  await world.deployGood('web-1');
  if (changes.mode === 'gate') await world.fixTraffic(['web-1', 100]);
  return world;
}

describe('a guard with patience', () => {
  it('waits for stable to start before it takes it for as bad as the deploy', async () => {
    const world = await aWorld();
    let firstMs: number | undefined;
    world.cloud.setBehaviour(world.ref, 'web-1', () => {
      const nowMs = world.clock.monotonicMs();
      firstMs ??= nowMs;
      return nowMs - firstMs > 25_000 ? answers.good() : answers.timeout();
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('does not wait for Cloud Run to come to rest while the serving revision fails', async () => {
    const world = await aWorld();
    const deployNext = () => {
      world.cloud.deploy(world.ref, 'web-3', { readiness: { kind: 'pending' } });
      world.cloud.setReconciling(world.ref, true);
    };
    const behaviour = atProbe(8, deployNext, goodUntil(9));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('lets a revision be slow for ten seconds when it gets all traffic', async () => {
    const world = await aWorld({ mode: 'gate' });
    let firstMs: number | undefined;
    const behaviour = () => {
      if (!hasWritten(world, 'web-2', 100)) return answers.good();
      const nowMs = world.clock.monotonicMs();
      firstMs ??= nowMs;
      return nowMs - firstMs < 10_000 ? respond(200, '{"status":"healthy"}', 4_000) : answers.good();
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('concludes nothing in a watch shorter than a window of the log that it requires', async () => {
    const world = await aWorld({
      watch: { for: '50s', minimum: '30s', interval: '10s' },
      requestLog: { ...requestLog, use: 'required' },
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'few-requests' }],
    });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it('counts all the time between its looks, as seldom as the config asks for them', async () => {
    const world = await aWorld({
      watch: { for: '4h', minimum: '60s', interval: '200s' },
      requestLog: { ...requestLog, use: 'off' },
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', short: false });
  });

  it('takes a canary up with looks two minutes apart', async () => {
    const world = await aCanaryWorld({
      watch: { for: '30m', minimum: '60s', interval: '2m' },
      requestLog: { ...requestLog, window: '4m' },
      steps: [
        { percent: 5, hold: '30m' },
        { percent: 100, hold: '30m' },
      ],
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });
});
