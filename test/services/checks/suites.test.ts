import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { failuresOf, shardsOf, testHistories } from '../../../shared/contracts/records.ts';
import { testKeyOf } from '../../../shared/domain/checks/test-history.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { bucketOf, historyOwner } from '../../../shared/services/checks/load-histories.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import { World } from '../../world/world.ts';

const many = (n: number, prefix = 'check') => Array.from({ length: n }, (_, k) => `${prefix}-${k}`);

async function aWorld(...suites: ReturnType<typeof aSuite>[]): Promise<World> {
  const tests = { ...aServiceConfig().tests, workers: 4 };
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })) });
  await world.deployGood('web-1');
  return world;
}

const deploy = (world: World) => world.finishBuild(world.deployByBuild('web-2'));
const failing = { outcome: 'failed', detail: 'HTTP 500' } as const;

describe('stage tests', () => {
  let world: World;

  beforeEach(async () => {
    world = await aWorld(aSuite({ name: 'api', priority: 'P1', checks: many(40) }));
  });

  it('runs every check once on the candidate, and a pass goes on to the watch', async () => {
    await deploy(world);
    expect(world.checks.asked.map(({ id }) => id).sort()).toEqual(many(40).sort());
    expect(new Set(world.checks.asked.map(({ revision }) => revision))).toEqual(new Set(['web-2']));
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass', next: 'watch' });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2' });
  });

  it('rolls back on a check that fails on the candidate only, confirmed by a retry', async () => {
    world.checks.answer = ({ id, revision }) =>
      id === 'check-7' && revision === 'web-2' ? failing : undefined;
    await deploy(world);
    expect(world.checks.asked.filter(({ id }) => id === 'check-7')).toEqual([
      { id: 'check-7', suite: 'api', revision: 'web-2', attempt: 1, shares: true },
      { id: 'check-7', suite: 'api', revision: 'web-2', attempt: 2, shares: false },
      { id: 'check-7', suite: 'api', revision: 'web-1', attempt: 1, shares: false },
      { id: 'check-7', suite: 'api', revision: 'web-2', attempt: 3, shares: false },
      // Once more after the rollback.
      { id: 'check-7', suite: 'api', revision: 'web-1', attempt: 1, shares: false },
    ]);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'fail',
      action: 'rollback',
      reasons: [{ code: 'regression', text: expect.stringContaining('api: check-7') }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('does not blame the deploy for what both need and what came back in between', async () => {
    let down = true;
    world.checks.answer = ({ id, revision }) => {
      if (id !== 'check-7') return undefined;
      // What both depend on comes back just before stable is asked.
      if (revision === 'web-1') down = false;
      return down ? failing : undefined;
    };
    await deploy(world);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('takes a check that passes when it is tried again for flaky, and records it', async () => {
    world.checks.answer = ({ id, attempt }) => (id === 'check-7' && attempt === 1 ? failing : undefined);
    await deploy(world);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    const failures = await world.store.find({
      collection: failuresOf(world.runIdOf('web-2')),
      where: [],
      limit: 10,
    });
    expect(failures.map(({ data }) => data)).toMatchObject([{ id: 'check-7', settlement: 'flaky' }]);
  });

  it('never blames the deploy for what fails on stable too, and never calls it a pass', async () => {
    world.checks.answer = ({ id }) => (id === 'check-7' ? failing : undefined);
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      action: 'none',
      reasons: [{ code: 'known-failures' }],
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.lastGood.map(({ revision }) => revision)).toEqual(['web-1']);
  });

  it('is inconclusive when the test itself breaks', async () => {
    world.checks.answer = ({ id }) => (id === 'check-7' ? { outcome: 'errored' } : undefined);
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'fix-test' }],
    });
  });

  it('is inconclusive when a check is lost, and names it', async () => {
    world.checks.answer = ({ id }) => (id === 'check-7' ? 'lost' : undefined);
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'missing-results', text: expect.stringContaining('check-7') }],
    });
  });

  it('is inconclusive when nothing is collected', async () => {
    world.checks.collected = () => ({ checks: [], problems: [] });
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'fix-test', text: expect.stringContaining('api: it has no checks') }],
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('has the revision probed when checks fail all alike, and rolls back by the rules of health', async () => {
    let down = false;
    const behaviour = () =>
      down
        ? {
            kind: 'answer' as const,
            status: 503,
            headers: {},
            body: '',
            truncated: false,
            latencyMs: 5,
            authenticated: false,
          }
        : {
            kind: 'answer' as const,
            status: 200,
            headers: {},
            body: '{"status":"healthy"}',
            truncated: false,
            latencyMs: 5,
            authenticated: false,
          };
    const suite = aSuite({ name: 'api', priority: 'P6', checks: many(400) });
    world = await aWorld(suite);
    world.checks.answer = ({ revision }) => {
      down = true;
      return revision === 'web-2' ? { outcome: 'failed', signature: 'http-503' } : undefined;
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'fail',
      action: 'rollback',
      reasons: [{ code: 'server-error' }, { code: 'stable-good' }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(world.checks.asked.length).toBeLessThan(800);
  });

  it('stops every worker within two seconds of the decision', async () => {
    const suites = [aSuite({ name: 'api', priority: 'P1', checks: many(2_000) })];
    const rollback = { ...aServiceConfig().rollback, policy: 'notify' as const };
    world = await World.create({ config: aConfig(aServiceConfig({ suites, rollback })) });
    await world.deployGood('web-1');
    world.checks.durationMs = 500;
    world.checks.answer = ({ id, revision }) =>
      id === 'check-7' && revision === 'web-2' ? failing : undefined;
    await deploy(world);
    const decided = (await world.decision('web-2', 'tests'))?.at ?? new Date(0);
    const shards = await world.store.find({
      collection: shardsOf(world.runIdOf('web-2')),
      where: [],
      limit: 1000,
    });
    const last = Math.max(...shards.map(({ data }) => data.endedAt.getTime()));
    expect(last - decided.getTime()).toBeLessThanOrEqual(2_000);
    expect(world.checks.asked.length).toBeLessThan(2_000);
  });

  it('begins nothing more in a shard that has lost a gate by itself', async () => {
    world = await aWorld(aSuite({ name: 'api', priority: 'P1', checks: many(400) }));
    let lost = 0;
    // A shard takes longer than it takes to be sure of a failure.
    world.checks.durationMs = 3_000;
    world.checks.answer = ({ id, revision }) => {
      if (id !== 'check-0' || revision !== 'web-2') return undefined;
      lost = world.clock.monotonicMs();
      return failing;
    };
    await deploy(world);
    const decided = (await world.decision('web-2', 'tests'))?.at.getTime() ?? 0;
    expect(decided - lost).toBeLessThanOrEqual(2 * world.checks.durationMs);
  });

  it('keeps the history of its tests, once per run', async () => {
    world.checks.answer = ({ id }) => (id === 'check-7' ? failing : { durationMs: 42 });
    await deploy(world);
    await world.publish('record-history', { runId: world.runIdOf('web-2') });
    await world.bus.idle();
    const found = await world.store.find({ collection: testHistories, where: [], limit: 100 });
    const tests = found.flatMap(({ data }) => data.tests);
    expect(tests).toHaveLength(40);
    expect(tests.find(({ id }) => id === 'check-1')).toMatchObject({ greenMs: [42], results: 'p' });
    expect(tests.find(({ id }) => id === 'check-7')).toMatchObject({
      results: 'f',
      failing: { revision: 'web-2' },
    });
  });

  it('keeps no duration of a pass without a time', async () => {
    world.checks.answer = ({ id }) => (id === 'check-7' ? { durationMs: 0, untimed: true } : undefined);
    await deploy(world);
    await world.publish('record-history', { runId: world.runIdOf('web-2') });
    await world.bus.idle();
    const found = await world.store.find({ collection: testHistories, where: [], limit: 100 });
    const tests = found.flatMap(({ data }) => data.tests);
    expect(tests.find(({ id }) => id === 'check-7')).toMatchObject({ greenMs: [], results: 'p' });
    expect(tests.find(({ id }) => id === 'check-1')).toMatchObject({ greenMs: [100] });
  });

  it('keeps of a history what a document can hold, the latest', async () => {
    const serviceKey = serviceKeyOf(world.ref);
    const [of, bucket] = [historyOwner(serviceKey, 'process'), bucketOf(testKeyOf('api', 'check-7'))];
    const aDayAgo = new Date(world.clock.now().getTime() - 86_400_000);
    const old = Array.from({ length: 1_500 }, (_, n) => ({
      key: testKeyOf('api', `old-${n}`),
      suite: 'api',
      id: `old-${n}`.padEnd(200, '日'),
      greenMs: [1],
      results: 'p',
      seenAt: aDayAgo,
    }));
    const ref = documentIn(testHistories, `${of}.${bucket}`);
    await world.store.commit([create(ref, { of, bucket, runs: [], tests: old })]);
    await deploy(world);
    const tests = (await world.store.get(ref))?.data.tests ?? [];
    expect(Buffer.byteLength(JSON.stringify(tests))).toBeLessThan(800_000);
    expect(tests.length).toBeGreaterThan(500);
    expect(tests.map(({ id }) => id)).toContain('check-7');
  });

  it('does not count what is in quarantine', async () => {
    const quarantine = [{ tests: ['check-7'], owner: 'team-a', until: '2026-12-31' }];
    world = await aWorld(aSuite({ priority: 'P1', checks: many(40), quarantine }));
    world.checks.answer = ({ id, revision }) =>
      id === 'check-7' && revision === 'web-2' ? failing : undefined;
    await deploy(world);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });
});
