import { describe, expect, it } from '@jest/globals';
import { abortOf, claimsOf, failuresOf, shardsOf } from '../../../shared/contracts/records.ts';
import { CommandSuiteSchema } from '../../../shared/contracts/suites/command-suite.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import { World } from '../../world/world.ts';

const many = (n: number) => Array.from({ length: n }, (_, k) => `check-${k}`);
const down = { outcome: 'failed', detail: 'no pool yet', signature: 'http-503' } as const;

async function aWorld(
  checks: number,
  suite: Parameters<typeof aSuite>[0] = {},
  policy: { workers?: number; timeout?: string } = {},
): Promise<World> {
  const tests = { ...aServiceConfig().tests, workers: 1, ...policy };
  const suites = [aSuite({ priority: 'P1', checks: many(checks), ...suite })];
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })) });
  await world.deployGood('web-1');
  return world;
}

const deploy = (world: World) => world.finishBuild(world.deployByBuild('web-2'));

/** When each check of the candidate began, from the first. */
function startsOf(world: World, isDown: (id: string, sinceMs: number) => boolean) {
  const starts: { readonly id: string; readonly attempt: number; readonly sinceMs: number }[] = [];
  let firstMs: number | undefined;
  world.checks.answer = ({ id, attempt, revision }) => {
    firstMs ??= world.clock.monotonicMs();
    const sinceMs = world.clock.monotonicMs() - firstMs;
    if (revision !== 'web-2') return undefined;
    starts.push({ id, attempt, sinceMs });
    return isDown(id, sinceMs) ? down : undefined;
  };
  return starts;
}

describe('a pool of connections that needs 8 s', () => {
  it.each([1, 5])('blames nobody, and %i checks that needed it are flaky', async (checks) => {
    const world = await aWorld(checks);
    startsOf(world, (_id, sinceMs) => sinceMs < 8_000);
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'pass',
      reasons: [{ text: expect.stringContaining(`${checks} flaky`) }],
    });
  });

  it('blames nobody either where so many fail that it is a burst', async () => {
    const world = await aWorld(40);
    startsOf(world, (_id, sinceMs) => sinceMs < 8_000);
    await deploy(world);
    expect((await world.decision('web-2', 'tests'))?.verdict).not.toBe('fail');
    const failures = await world.store.find({
      collection: failuresOf(world.runIdOf('web-2')),
      where: [],
      limit: 100,
    });
    expect(failures.map(({ data }) => data.settlement)).toEqual(Array(10).fill('flaky'));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});

describe('a check that fails for good', () => {
  it.each([
    ['2s', 1, [0, 2, 10]],
    ['2s', 3, [0, 2, 6, 14, 14]],
    ['100ms', 1, [0, 0, 5]],
    ['0s', 1, [0, 0, 0]],
  ])(
    'with a pause of %s and %i retries is believed after growing pauses',
    async (retryPause, retries, seconds) => {
      const world = await aWorld(1, { retryPause, retries });
      const starts = startsOf(world, () => true);
      await deploy(world);
      expect(starts.map(({ sinceMs }) => Math.floor(sinceMs / 1_000))).toEqual(seconds);
      expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail' });
    },
  );

  it('has the others run in its pauses', async () => {
    const world = await aWorld(10);
    const starts = startsOf(world, (id) => id === 'check-0');
    await deploy(world);
    const firstRetry = starts.findIndex(({ attempt }) => attempt === 2);
    expect(starts.slice(0, firstRetry).map(({ id }) => id)).toEqual(many(10));
  });

  it('is tried again while the others run, as soon as its pause is over', async () => {
    const world = await aWorld(10);
    world.checks.durationMs = 1_000;
    const starts = startsOf(world, (id) => id === 'check-0');
    await deploy(world);
    const firstRetry = starts.findIndex(({ attempt }) => attempt === 2);
    expect(starts.slice(0, firstRetry).length).toBeLessThan(5);
  });

  it('is settled before a command begins, which may take minutes', async () => {
    const command = CommandSuiteSchema.parse({
      name: 'e2e',
      kind: 'command',
      priority: 'P3',
      list: 'list',
      run: 'run {tests} {results}',
    });
    const tests = { ...aServiceConfig().tests, workers: 1 };
    const suites = [aSuite({ priority: 'P1', checks: many(20) }), command];
    const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })) });
    const { collected } = world.checks;
    world.checks.collected = (suite) =>
      suite.kind === 'command' ? { checks: [{ id: 'slow' }], problems: [] } : collected(suite);
    await world.deployGood('web-1');
    const starts = startsOf(world, (id) => id === 'check-12');
    const { answer } = world.checks;
    world.checks.answer = async (asked, target) => {
      const answered = await answer(asked, target);
      if (asked.id === 'slow') await world.clock.sleep(200_000);
      return answered;
    };
    await deploy(world);
    const last = starts.findLast(({ id }) => id === 'check-12');
    expect(last?.sinceMs).toBeLessThan(30_000);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });

  it('is blamed before the deadline, however long its pauses would be', async () => {
    const world = await aWorld(1, { retryPause: '1m' }, { timeout: '30s' });
    startsOf(world, () => true);
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });

  it('is settled before its message ends, however long its pauses would be', async () => {
    const world = await aWorld(1, { retryPause: '1m', retries: 5, timeout: '100ms' });
    const starts = startsOf(world, () => true);
    await deploy(world);
    expect(starts).toHaveLength(7);
    expect(starts.at(-1)?.sinceMs).toBeLessThan(500_000);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });

  it('has its shard executed again where a runner breaks in a retry', async () => {
    const world = await aWorld(10);
    let broken = 0;
    startsOf(world, (id) => id === 'check-0');
    const { answer } = world.checks;
    world.checks.answer = (asked, target) => {
      if (asked.attempt === 2 && broken++ === 0) throw new Error('the runner is gone');
      return answer(asked, target);
    };
    await deploy(world);
    while ((await world.run('web-2'))?.state !== 'closed') {
      await world.clock.sleep(60_000);
      await world.sweep();
    }
    expect(broken).toBeGreaterThan(1);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail' });
  });

  it('keeps its shard while it waits', async () => {
    const world = await aWorld(1, { retryPause: '1m', timeout: '100ms', retries: 5 });
    startsOf(world, () => true);
    await deploy(world);
    const claims = await world.store.find({
      collection: claimsOf(world.runIdOf('web-2')),
      where: [],
      limit: 10,
    });
    expect(claims.map(({ data }) => data.attempt)).toEqual([1]);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail' });
  });
});

describe('a pause', () => {
  it('ends at once when the run is over', async () => {
    const world = await aWorld(1, { retryPause: '1m' });
    let abortedMs = Number.NaN;
    startsOf(world, () => {
      void world.clock.sleep(1_000).then(async () => {
        abortedMs = world.clock.monotonicMs();
        await setControl(
          abortOf(world.runIdOf('web-2')),
          { reason: 'incident 42', actor: 'ada' },
          world.ports,
        );
      });
      return true;
    });
    await deploy(world);
    const [shard] = await world.store.find({
      collection: shardsOf(world.runIdOf('web-2')),
      where: [],
      limit: 10,
    });
    expect((shard?.data.endedAt.getTime() ?? Number.NaN) - abortedMs).toBeLessThan(5_000);
    expect(await world.run('web-2')).toMatchObject({ reasons: [{ code: 'aborted' }] });
  });

  it('keeps nobody from looking whether the revision is down', async () => {
    const world = await aWorld(40);
    const askedMs: number[] = [];
    const starts = startsOf(world, () => true);
    world.intercept((ports) => ({
      bus: {
        publish: async (to, message) => {
          if (to === 'check-health' && 'burst' in message) askedMs.push(world.clock.monotonicMs());
          await ports.bus.publish(to, message);
        },
      },
    }));
    const startedMs: number[] = [];
    const answer = world.checks.answer;
    world.checks.answer = (asked, target) => {
      startedMs.push(world.clock.monotonicMs());
      return answer(asked, target);
    };
    await deploy(world);
    expect(starts.slice(0, 10).every(({ attempt }) => attempt === 1)).toBe(true);
    expect((askedMs[0] ?? Number.NaN) - (startedMs[0] ?? 0)).toBeLessThan(1_500);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });
});

describe('the first use of a page that is slow', () => {
  it.each([
    ['is measured once more, and the second counts', 5, 'pass'],
    ['is no excuse for a page that stays slow', 5_000, 'inconclusive'],
  ])('%s', async (_what, thenMs, verdict) => {
    const world = await aWorld(30);
    const seen = new Set<string>();
    world.checks.answer = ({ id }) => {
      const latencyMs = seen.has(id) ? thenMs : 5_000;
      seen.add(id);
      return { latencyMs };
    };
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict });
  });

  it('takes no pass back where it can be asked only once', async () => {
    const world = await aWorld(30);
    world.checks.answer = ({ attempt }) =>
      attempt === 1 ? { latencyMs: 3_000 } : { outcome: 'failed', detail: 'HTTP 409' };
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'tests-latency' }],
    });
  });

  it('is flaky where the check itself sets a limit, never a regression', async () => {
    const world = await aWorld(30);
    world.checks.answer = ({ attempt, revision }) =>
      attempt === 1 && revision === 'web-2'
        ? { outcome: 'failed', latencyMs: 3_000, detail: 'it took 3000 ms, expected at most 500ms' }
        : { latencyMs: 20 };
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'pass',
      reasons: [{ text: expect.stringContaining('30 flaky') }],
    });
  });
});
