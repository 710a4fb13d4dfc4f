import { beforeEach, describe, expect, it } from '@jest/globals';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const watched = aConfig(aServiceConfig({ watch: { for: '10m', minimum: '60s' } }));

describe('an outage of what candidate and stable both need', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: watched });
    await world.deployGood('web-1');
  });

  /** Every revision hangs for as long as a probe waits while `isDown`. */
  function hangWhile(isDown: () => boolean): void {
    world.intercept((ports) => ({
      prober: {
        probe: async (request) => {
          if (!isDown()) return ports.prober.probe(request);
          await world.clock.sleep(5_000);
          return answers.timeout();
        },
      },
    }));
  }

  it('that ends between the third probe of the candidate and that of stable, is not the fault of the deploy', async () => {
    let failures = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      failures > 0 && failures < 3 ? answers.unavailable() : answers.good(),
    );
    const behaviour = () => (++failures <= 3 ? answers.unavailable() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it.each([3, 8, 13, 18, 23, 28, 33])(
    'in which all hangs for %s s of a watch, is not either',
    async (seconds) => {
      const build = world.deployByBuild('web-2');
      const fromMs = world.clock.monotonicMs() + 120_000;
      const isDown = () =>
        world.clock.monotonicMs() >= fromMs && world.clock.monotonicMs() < fromMs + seconds * 1_000;
      hangWhile(isDown);
      await world.finishBuild(build);
      expect(await world.serving()).toEqual({ 'web-2': 100 });
      expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    },
  );

  it.each([40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62, 64])(
    'in which all hangs for %s s of a watch, moves no traffic',
    async (seconds) => {
      const build = world.deployByBuild('web-2');
      const fromMs = world.clock.monotonicMs() + 120_000;
      const isDown = () =>
        world.clock.monotonicMs() >= fromMs && world.clock.monotonicMs() < fromMs + seconds * 1_000;
      hangWhile(isDown);
      await world.finishBuild(build);
      expect(await world.serving()).toEqual({ 'web-2': 100 });
    },
  );

  it('that is seen by users and at the next probe of stable is not the fault of the deploy', async () => {
    world.cloud.users.set('web-1', users(100));
    world.cloud.users.set('web-2', users(100, 20));
    let asked = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      ++asked === 1 ? answers.good() : answers.unavailable(),
    );
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'dependency' }, { code: 'request-errors' }],
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it.each([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])(
    'of 25 s, seen by users alone from second %s of a watch on, is not the fault of the deploy',
    async (seconds) => {
      world.cloud.users.set('web-1', users(100));
      const build = world.deployByBuild('web-2');
      const fromMs = world.clock.now().getTime() + (120 + seconds) * 1_000;
      world.cloud.users.set('web-2', (query) =>
        users(100)(query).map((request) => {
          const sinceMs = request.at.getTime() - fromMs;
          return sinceMs >= 0 && sinceMs < 25_000 ? { ...request, status: 503 } : request;
        }),
      );
      await world.finishBuild(build);
      expect(await world.serving()).toEqual({ 'web-2': 100 });
    },
  );

  it('is none where stable answers badly once: that only delays the verdict on a dead deploy', async () => {
    let asked = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      ++asked === 3 ? answers.unavailable() : answers.good(),
    );
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.facts('web-2', 'health')).toHaveLength(6);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it.each([
    ['first answer is slow, as from sleep: the verdict is not delayed', 1, 3],
    ['second answer is slow: the verdict waits', 2, 5],
  ])('is none where the %s', async (_which, slow, looks) => {
    let asked = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      ++asked === slow ? respond(200, '{"status":"healthy"}', 2_500) : answers.good(),
    );
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.facts('web-2', 'health')).toHaveLength(looks);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('is one where stable stays slow', async () => {
    world.cloud.setBehaviour(world.ref, 'web-1', () => respond(200, '{"status":"healthy"}', 2_500));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
