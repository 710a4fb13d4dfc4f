import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { repeatChecksMs, stageTimeoutMs } from '../../../shared/contracts/policies.ts';
import { failuresOf } from '../../../shared/contracts/records.ts';
import { CommandSuiteSchema } from '../../../shared/contracts/suites/command-suite.ts';
import { HttpSuiteSchema } from '../../../shared/contracts/suites/http-suite.ts';
import type { Suite } from '../../../shared/contracts/suites/suite.ts';
import { testKeyOf } from '../../../shared/domain/checks/test-history.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { aConfig, aServiceConfig, aSuite, type ServiceChanges, suiteChecks } from '../../builders.ts';
import { named } from '../../world/behaviours.ts';
import type { Answer, Asked } from '../../world/fake-checks.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const failing = { outcome: 'failed', detail: 'HTTP 500' } as const;
const checkout = aSuite({ name: 'checkout', checks: ['pay', 'ship', 'return'] });

async function aWorld(suites: Suite[], changes: ServiceChanges = {}): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, ...changes })) });
  await world.deployGood('web-1');
  return world;
}

/** Regressions of web-2 that other shards have found before its stage was decided. */
async function alsoFailed(world: World, suite: string, ...ids: string[]): Promise<void> {
  const failure = { suite, priority: 'P2', quarantined: false, settlement: 'regression', shard: 9 } as const;
  const runId = world.runIdOf('web-2');
  await world.store.commit(
    ids.map((id) => create(documentIn(failuresOf(runId), testKeyOf(suite, id)), { ...failure, id })),
  );
}

/** web-2 fails the checks of `ids`; once web-1 has the traffic again, they end as `after` says. */
async function rollBack(
  world: World,
  ids: readonly string[],
  after: (asked: Asked) => Answer = () => undefined,
) {
  world.checks.answer = (asked) => {
    if (!ids.includes(asked.id)) return undefined;
    if (world.cloud.writes.length > 0) return after(asked);
    return asked.revision === 'web-2' ? failing : undefined;
  };
  await world.finishBuild(world.deployByBuild('web-2'));
  expect(await world.decision('web-2', 'tests')).toMatchObject({
    action: 'rollback',
    reasons: [{ code: 'regression' }],
  });
}

/** What was run on web-1 after stage tests: there it is asked once, to compare. */
function repeatedIn(world: World): [id: string, attempt: number][] {
  const compared = world.checks.asked.findLastIndex(({ revision }) => revision === 'web-2');
  return world.checks.asked.slice(compared + 1).map(({ id, attempt }) => [id, attempt]);
}

describe('a rollback for failed checks is verified by them', () => {
  let world: World;

  beforeEach(async () => {
    world = await aWorld([checkout]);
  });

  it('is restored once they pass on what serves again', async () => {
    await rollBack(world, ['pay']);
    expect(await world.run('web-2')).toMatchObject({
      outcome: {
        code: 'restored',
        text: 'the service answers as expected again; the checks that had failed: 1 passed',
      },
    });
    const facts = await world.facts('web-2', 'reverify');
    expect(facts).toHaveLength(3);
    expect(facts.map(({ checks }) => checks)).toEqual([
      undefined,
      undefined,
      { revision: 'web-1', passed: 1, failed: [], unseen: [] },
    ]);
  });

  it('is not restored while one fails twice on it too: the service is frozen, and nothing more is written', async () => {
    await rollBack(world, ['pay'], () => failing);
    const text = 'check checkout/pay fails on web-1 too (HTTP 500): the deploy was likely not the cause';
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'fail',
      outcome: { code: 'unrestored', text },
    });
    expect(await world.frozen()).toContain(text);
    expect(world.cloud.writes).toHaveLength(1);
    expect(repeatedIn(world)).toEqual([
      ['pay', 1],
      ['pay', 2],
    ]);
  });

  it('is restored if one fails once, and passes when it is tried again', async () => {
    await rollBack(world, ['pay'], ({ attempt }) => (attempt === 1 ? failing : undefined));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it.each<[string, Answer]>([
    ['breaks', { outcome: 'errored' }],
    ['is lost', 'lost'],
    ['is skipped', { outcome: 'skipped' }],
  ])('claims nothing of a check that %s', async (_how, answer) => {
    await rollBack(world, ['pay'], () => answer);
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'restored', text: expect.stringMatching(/had failed: 1 without a result$/) },
    });
  });

  it('runs none while the service itself fails', async () => {
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      world.cloud.writes.length > 0 ? answers.unavailable() : answers.good(),
    );
    await rollBack(world, ['pay'], () => failing);
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'unrestored', text: expect.stringContaining('still failing after the rollback') },
    });
    expect((await world.facts('web-2', 'reverify')).every(({ checks }) => checks === undefined)).toBe(true);
  });

  it('counts no result if traffic has moved meanwhile', async () => {
    await rollBack(world, ['pay'], () => {
      world.cloud.editTraffic(world.ref, [{ revision: 'web-2' as RevisionName, percent: 100 }]);
      return failing;
    });
    expect(await world.decision('web-2', 'reverify')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'traffic-changed' }],
    });
  });

  it('runs them again if routes have changed meanwhile, and traffic has not', async () => {
    let changes = 0;
    await rollBack(world, ['pay'], () => {
      if (changes++ > 0) return undefined;
      void world
        .tags()
        .then((tags) =>
          world.cloud.editTraffic(world.ref, [{ revision: 'web-1' as RevisionName, percent: 100 }, ...tags]),
        );
      return { outcome: 'errored' };
    });
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'restored', text: expect.stringMatching(/had failed: 1 passed$/) },
    });
  });

  it('has more time than one of a service without checks', () => {
    const [without, withChecks] = [aServiceConfig(), aServiceConfig({ suites: [checkout] })];
    const moreMs = stageTimeoutMs(withChecks, 'reverify') - stageTimeoutMs(without, 'reverify');
    expect(moreMs).toBeGreaterThan(repeatChecksMs);
    expect(stageTimeoutMs(withChecks, 'health')).toBe(stageTimeoutMs(without, 'health'));
  });

  it('stores one outcome where two processes are at it', async () => {
    let asked = 0;
    await rollBack(world, ['pay'], ({ id }) => {
      if (asked++ === 0) void world.publish('check-health', { runId: world.runIdOf('web-2') });
      return asked > 1 && id === 'pay' ? failing : undefined;
    });
    expect(asked).toBeGreaterThan(2);
    const facts = await world.facts('web-2', 'reverify');
    const [first, ...others] = facts.flatMap(({ checks }) => checks ?? []);
    expect(others).toEqual([]);
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: first?.passed === 1 ? 'restored' : 'unrestored' },
    });
  });
});

describe('what a rollback cannot be verified by', () => {
  it('are the checks of commands, and those with secrets; it says so, and reads no secret', async () => {
    const e2e = CommandSuiteSchema.parse({
      name: 'e2e',
      kind: 'command',
      priority: 'P1',
      list: 'true',
      run: 'true {tests} {results}',
    });
    const api = HttpSuiteSchema.parse({
      name: 'api',
      kind: 'http',
      priority: 'P1',
      secrets: { KEY: { env: 'KEY' } },
      checks: [
        { name: 'open', path: '/' },
        { name: 'closed', path: '/', headers: { 'X-Key': `\${KEY}` } },
      ],
    });
    const world = await aWorld([e2e, api]);
    world.checks.collected = (suite) => ({
      checks: (suite.kind === 'command' ? ['a', 'b'] : suiteChecks(suite)).map((id) => ({ id })),
      problems: [],
    });
    await alsoFailed(world, 'e2e', 'a', 'b');
    await alsoFailed(world, 'api', 'closed');
    await rollBack(world, ['open']);
    expect(repeatedIn(world)).toEqual([['open', 1]]);
    expect(await world.run('web-2')).toMatchObject({
      outcome: {
        code: 'restored',
        text: expect.stringMatching(
          /: 1 passed, 2 of command suites not run again, 1 with secrets not run again$/,
        ),
      },
    });
  });

  it('are more than twenty checks', async () => {
    const others = Array.from({ length: 24 }, (_, n) => `check-${n}`);
    const world = await aWorld([aSuite({ checks: ['pay', ...others] })]);
    await alsoFailed(world, 'api', ...others);
    await rollBack(world, ['pay']);
    expect(repeatedIn(world)).toHaveLength(20);
    expect(repeatedIn(world)[0]).toEqual(['pay', 1]);
    expect(await world.run('web-2')).toMatchObject({
      outcome: {
        code: 'restored',
        text: expect.stringMatching(/: 20 passed, 5 over the limit not run again$/),
      },
    });
  });

  it('are checks that may take too long', async () => {
    const world = await aWorld([aSuite({ checks: ['pay'], timeout: '61s' })]);
    await rollBack(world, ['pay']);
    expect(repeatedIn(world)).toEqual([]);
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'restored', text: expect.stringMatching(/: 1 over the limit not run again$/) },
    });
  });

  it('are checks in quarantine', async () => {
    const quarantine = [{ tests: ['ship'], owner: 'team-a', until: '2026-12-31' }];
    const world = await aWorld([aSuite({ checks: ['ship', 'pay'], quarantine })]);
    await rollBack(world, ['pay', 'ship'], ({ id }) => (id === 'ship' ? failing : undefined));
    expect(repeatedIn(world)).toEqual([['pay', 1]]);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('are responses of the old revision, while probes already know whose they are', async () => {
    const { health } = aServiceConfig();
    const world = await aWorld([checkout], { health: { ...health, revision: { header: 'X-Revision' } } });
    world.cloud.setBehaviour(world.ref, 'web-1', () => named('web-1', answers.good()));
    const propagationMs = 10_000;
    let backMs = 0;
    world.cloud.writeFaults.push({
      kind: 'lost-answer',
      after: () => {
        backMs = world.clock.monotonicMs();
      },
    });
    await rollBack(world, ['pay'], () =>
      world.clock.monotonicMs() - backMs < propagationMs ? failing : undefined,
    );
    expect(repeatedIn(world)).toEqual([['pay', 1]]);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });
});
