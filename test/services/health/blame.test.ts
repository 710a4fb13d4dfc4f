import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const { health } = aServiceConfig();

describe('a revision that serves, while stable answers well,', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
  });

  const deploy = async (behaviour: () => ProbeAnswer) => {
    const startMs = world.clock.monotonicMs();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    return (world.clock.monotonicMs() - startMs) / 1000;
  };

  it.each([401, 403, 429])('is rolled back at once when it refuses everybody with %s', async (status) => {
    await deploy(() => respond(status, '{"detail":"no"}'));
    expect(await world.facts('web-2', 'health')).toHaveLength(health.failureThreshold);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it.each<[string, () => ProbeAnswer]>([
    ['a status', () => respond(404, '{}')],
    ['a body', () => respond(200, '{"status":"degraded"}')],
  ])('is rolled back after half a minute of one wrong response: %s', async (_what, behaviour) => {
    expect(await deploy(behaviour)).toBeLessThan(100);
    const last = (await world.facts('web-2', 'health')).at(-1);
    expect((last?.at.getTime() ?? 0) - ((await world.run('web-2'))?.createdAt.getTime() ?? 0)).toBeLessThan(
      60_000,
    );
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('keeps its traffic when stable gives it too', async () => {
    world.cloud.setBehaviour(world.ref, 'web-1', () => respond(404, '{}'));
    await deploy(() => respond(404, '{}'));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.facts('web-2', 'health')).length).toBeGreaterThan(30);
  });
});

it('a revision that loads behind a gate has its whole budget, since nobody is hurt', async () => {
  const gate = { mode: 'gate', health: { ...health, startupBudget: '120s' } } as const;
  const world = await World.create({ config: aConfig(aServiceConfig(gate)) });
  await world.deployGood('web-1');
  await world.fixTraffic(['web-1', 100]);
  let probes = 0;
  const behaviour = () => (++probes <= 12 ? answers.unavailable() : answers.good());
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  expect(await world.serving()).toEqual({ 'web-2': 100 });
});
