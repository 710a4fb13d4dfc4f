import { beforeEach, describe, expect, it } from '@jest/globals';
import { TransientError } from '../../../shared/domain/errors.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const config = aConfig(aServiceConfig({ watch: { for: '10m', minimum: '60s' } }));

describe('a rollback is verified by what was wrong', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config });
    await world.deployGood('web-1');
  });

  /** Users of web-2 get errors; those of web-1 get `after` once it has the traffic again. */
  async function rollBackForErrors(after: ReturnType<typeof users>): Promise<void> {
    world.cloud.users.set('web-1', (query) => (world.cloud.writes.length > 0 ? after : users(100))(query));
    world.cloud.users.set('web-2', users(100, 20));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      action: 'rollback',
      reasons: [{ code: 'request-errors' }, { code: 'stable-good' }],
    });
  }

  it('is not restored while users of stable get the same errors', async () => {
    await rollBackForErrors(users(100, 20));
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'unrestored', text: expect.stringContaining('deploy was likely not the cause') },
    });
    expect(await world.frozen()).toContain('20 of 100 user requests failed');
  });

  it('is restored once a window of their requests is clean', async () => {
    await rollBackForErrors(users(100));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    const facts = await world.facts('web-2', 'reverify');
    expect(facts.filter(({ requests }) => requests?.kind === 'counted')).toHaveLength(1);
    const [first, last] = [facts[0], facts.at(-1)];
    expect((last?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(90_000);
  });

  it('says so where there are too few of them to tell', async () => {
    await rollBackForErrors(users(3, 3));
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'restored', text: expect.stringContaining('judged by probes alone: 3 user requests') },
    });
  });

  it('is unverified where their requests cannot be read', async () => {
    world.intercept((ports) => ({
      logs: {
        listEntries: (query, part) => ports.logs.listEntries(query, part),
        listRequests: async (query) => {
          if (world.cloud.writes.length > 0 && query.revision === 'web-1')
            throw new TransientError('RESOURCE_EXHAUSTED');
          return ports.logs.listRequests(query);
        },
      },
    }));
    await rollBackForErrors(users(100));
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'unverified', text: expect.stringContaining('cannot be read') },
    });
    expect(await world.decision('web-2', 'reverify')).toMatchObject({ alert: true });
  });

  it('asks nothing of users where their requests have shown nothing', async () => {
    world.cloud.users.set('web-1', users(100, 20));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    expect((await world.facts('web-2', 'reverify')).every(({ requests }) => requests === undefined)).toBe(
      true,
    );
  });

  it('is not restored while half of the probes fail', async () => {
    const pattern = 'bbgbggbbgbggg';
    let asked = 0;
    const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    world.cloud.setBehaviour(world.ref, 'web-1', () => {
      if (world.cloud.writes.length === 0) return answers.good();
      return pattern[asked++ % pattern.length] === 'g' ? answers.good() : answers.unavailable();
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'unrestored', text: expect.stringContaining('still failing after the rollback') },
    });
  });

  it('is restored once a bad answer among good ones is one of ten', async () => {
    let asked = 0;
    const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      world.cloud.writes.length > 0 && ++asked === 3 ? answers.unavailable() : answers.good(),
    );
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    expect(await world.facts('web-2', 'reverify')).toHaveLength(10);
  });
});
