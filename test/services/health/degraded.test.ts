import { describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const { health: usual } = aServiceConfig();
const health = { ...usual, warn: { headers: {}, json: { cache: 'up' }, latency: '10ms' } };
const slow = () => respond(200, '{"status":"healthy","cache":"down"}');

async function play(warned: boolean, behaviour = slow) {
  const config = aConfig(aServiceConfig(warned ? { health } : {}));
  const world = await World.create({ config });
  await world.deployGood('web-1');
  await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
  return world;
}

describe('what health only warns of', () => {
  it('is told in the decisions, the run and each look', async () => {
    const world = await play(true);
    const text = 'degraded at 3 of 3 looks: $.cache is "down", expected "up"';
    expect(await world.decision('web-2', 'health')).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'healthy' }, { code: 'degraded', text }],
    });
    expect((await world.run('web-2'))?.reasons).toContainEqual({
      code: 'degraded',
      text: expect.stringContaining('$.cache is "down"'),
    });
    expect(await world.facts('web-2', 'health')).toMatchObject(
      Array.from({ length: 3 }, () => ({ candidate: { kind: 'good', warning: expect.any(String) } })),
    );
  });

  it.each([
    ['good', slow],
    ['bad', answers.unavailable],
  ])('changes nothing in what becomes of a revision that is %s', async (_what, behaviour) => {
    const [warned, plain] = [await play(true, behaviour), await play(false, behaviour)];
    const of = async (world: World) => {
      const run = await world.run('web-2');
      const { verdict, action, alert, closedAt } = run ?? {};
      return { verdict, action, alert, closedAt, outcome: run?.outcome?.code };
    };
    expect(await of(warned)).toEqual(await of(plain));
    expect(await warned.serving()).toEqual(await plain.serving());
  });

  it('is told of what a rollback has restored', async () => {
    const world = await World.create({ config: aConfig(aServiceConfig({ health })) });
    await world.deployGood('web-1');
    world.cloud.setBehaviour(world.ref, 'web-1', slow);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect((await world.run('web-2'))?.outcome).toMatchObject({
      code: 'restored',
      text: expect.stringContaining('degraded at 3 of 3 looks'),
    });
  });
});
