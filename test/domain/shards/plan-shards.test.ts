import { describe, expect, it } from '@jest/globals';
import { estimateDurations } from '../../../shared/domain/shards/estimate-durations.ts';
import { type PlanRequest, planShards } from '../../../shared/domain/shards/plan-shards.ts';
import { playPlan } from '../../../shared/domain/shards/play-plan.ts';
import { rehearsePlans } from '../../../shared/domain/shards/rehearse-plans.ts';
import type { PlannableCheck } from '../../../shared/domain/shards/shard-plan.ts';
import { Dice } from '../../simulation/kernel/dice.ts';
import { aDrifted, aSuiteOf } from './suites.ts';

const modes = ['queue', 'static', 'auto'] as const;
const known = (durations: ReadonlyMap<string, number>): PlannableCheck[] =>
  [...durations].map(([id, expectedMs]) => ({ id, expectedMs, isUnknown: false }));

/** How much longer than the least possible a plan takes. @param actual what checks really take */
function ratioOf(
  checks: readonly PlannableCheck[],
  actual: ReadonlyMap<string, number>,
  request: Omit<PlanRequest, 'checks'>,
): number {
  const { makespanMs, lowerBoundMs } = playPlan(
    planShards({ checks, ...request }),
    (id) => actual.get(id),
    request,
  );
  return makespanMs / lowerBoundMs;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(modes)('planShards, mode %s', (mode) => {
  it.each([
    [0, 1],
    [0, 7],
    [3_000, 16],
    [3_000, 500],
  ])('has every check in exactly one shard (start %d ms, %d workers)', (startupMs, workers) => {
    const checks = known(aSuiteOf({ seed: 3, tests: 400 }));
    const { shards } = planShards({ checks, workers, startupMs, mode });
    expect(shards.flatMap(({ ids }) => ids).sort()).toEqual(checks.map(({ id }) => id).sort());
    expect(shards.every(({ ids }) => ids.length > 0)).toBe(true);
  });

  it('gives the same plan for the same checks, and leaves them as they are', () => {
    const checks = Object.freeze(
      known(aSuiteOf({ seed: 4, tests: 300 })).map((check) => Object.freeze(check)),
    );
    const request = { checks, workers: 8, startupMs: 3_000, mode };
    expect(planShards(request)).toEqual(planShards(request));
  });

  it('never separates the checks of a group, and keeps their order', () => {
    const group = ['z', 'b', 'm'];
    const checks = known(aSuiteOf({ seed: 5, tests: 60 })).concat(
      group.map((id) => ({ id, expectedMs: 5_000, isUnknown: false, group: 'login' })),
    );
    const { shards } = planShards({ checks, workers: 16, startupMs: 0, mode });
    const home = shards.find(({ ids }) => ids.includes('z'));
    expect(home?.ids.filter((id) => group.includes(id))).toEqual(group);
  });

  it('plans nothing for nothing', () => {
    expect(planShards({ checks: [], workers: 4, startupMs: 3_000, mode }).shards).toEqual([]);
  });

  it('says what a shard is expected to take', () => {
    const durations = aSuiteOf({ seed: 6, tests: 200 });
    const { shards } = planShards({ checks: known(durations), workers: 4, startupMs: 3_000, mode });
    for (const { ids, expectedMs } of shards)
      expect(expectedMs).toBeCloseTo(
        ids.reduce((sum, id) => sum + (durations.get(id) ?? 0), 0),
        3,
      );
  });
});

describe('how close plans come to the least possible', () => {
  const seeds = [1, 2, 3, 4, 5, 6];

  it.each([4, 16, 64])('on fresh durations, %d workers: queue 1.035, static 1.005', (workers) => {
    for (const seed of seeds) {
      const actual = aSuiteOf({ seed, tests: 1_500 });
      const of = (mode: 'queue' | 'static') =>
        ratioOf(known(actual), actual, { workers, startupMs: 0, mode });
      expect(of('queue')).toBeLessThanOrEqual(1.035);
      expect(of('static')).toBeLessThanOrEqual(1.005);
    }
  });

  it('packs better than longest-first where that leaves gaps', () => {
    const actual = new Map([7, 7, 6, 6, 5, 5, 5].map((s, n) => [`t${n}`, s * 1_000]));
    expect(ratioOf(known(actual), actual, { workers: 3, startupMs: 0, mode: 'static' })).toBeLessThan(1.16);
  });

  it('on durations that are months old: a queue without a start to pay for 1.10, auto with 3 s 1.20', () => {
    const ratios = (startupMs: number) =>
      seeds.flatMap((seed) =>
        [4, 16, 64].map((workers) => {
          const { checks, actual } = aDrifted({ seed, tests: 1_500 });
          return ratioOf(checks, actual, { workers, startupMs, mode: startupMs ? 'auto' : 'queue' });
        }),
      );
    expect(mean(ratios(0))).toBeLessThanOrEqual(1.1);
    expect(mean(ratios(3_000))).toBeLessThanOrEqual(1.2);
  });

  it.each([
    [3_000, 64],
    [3_000, 16],
    [1_000, 64],
    [10_000, 16],
  ])(
    'auto is at most 10 %% behind the better of both, however uneven (start %d ms, %d workers)',
    (startupMs, workers) => {
      for (const seed of seeds)
        for (const unevenness of [0.5, 1.5, 2.5]) {
          const checks = known(aSuiteOf({ seed, tests: 800, scale: 10, unevenness }));
          const actual = new Map(checks.map(({ id, expectedMs }) => [id, expectedMs]));
          const of = (mode: PlanRequest['mode']) => ratioOf(checks, actual, { workers, startupMs, mode });
          expect(of('auto') / Math.min(of('queue'), of('static'))).toBeLessThanOrEqual(1.1);
        }
    },
  );

  it('auto is hardly behind what is sooner in the rehearsal, unless a worker would hold that for too long', () => {
    const dice = Dice.of(12);
    for (let round = 0; round < 100; round++) {
      const checks = Array.from({ length: 1 + dice.below(120) }, (_, n) => ({
        id: `t${n}`,
        expectedMs: 1 + dice.below(10 ** (1 + dice.below(6))),
        isUnknown: dice.fraction() < 0.1,
      }));
      const request = { checks, workers: 1 + dice.below(64), startupMs: 1 + dice.below(30_000) };
      const plans = modes.map((mode) => planShards({ ...request, mode }));
      const [queueMs = 0, fixedMs = 0, autoMs] = rehearsePlans(plans, checks, request);
      const most = Math.max(60_000, 40 * request.startupMs);
      const isTooLong = plans[1]?.shards.some(({ ids, expectedMs }) => ids.length > 1 && expectedMs > most);
      const bestMs = isTooLong ? queueMs : Math.min(queueMs, fixedMs);
      expect((autoMs ?? 0) / bestMs).toBeLessThan(1.1);
    }
  });

  it.each([50, 3_000])('takes a queue where nothing is known of any check (start %d ms)', (startupMs) => {
    const checks = estimateDurations(
      Array.from({ length: 1_000 }, (_, n) => ({ id: `t${n}` })),
      1_000,
    );
    expect(planShards({ checks, workers: 16, startupMs, mode: 'auto' }).mode).toBe('queue');
  });

  it('takes a fixed plan where a second start would cost as much as the work', () => {
    const checks = known(aSuiteOf({ seed: 7, tests: 100 }));
    expect(planShards({ checks, workers: 64, startupMs: 60_000, mode: 'auto' }).mode).toBe('static');
  });

  it('takes no fixed plan whose shards are longer than a worker may hold one', () => {
    const checks = known(new Map(Array.from({ length: 1_000 }, (_, n) => [`t${n}`, 1_000])));
    const plan = (mode: PlanRequest['mode'], some = checks) =>
      planShards({ checks: some, workers: 2, startupMs: 10_000, mode });
    expect(plan('auto', checks.slice(0, 700)).mode).toBe('static');
    expect(plan('auto').mode).toBe('queue');
    expect(Math.max(...plan('auto').shards.map(({ expectedMs }) => expectedMs))).toBeLessThanOrEqual(400_000);
  });

  it('has no shard of more than a minute, unless one check takes longer', () => {
    const checks = known(aSuiteOf({ seed: 8, tests: 2_000, scale: 10 }));
    for (const { ids, expectedMs } of planShards({ checks, workers: 2, startupMs: 0, mode: 'queue' }).shards)
      expect(ids.length === 1 || expectedMs <= 60_000).toBe(true);
  });

  it('has no shard but the last that is not worth its start', () => {
    const checks = known(new Map(Array.from({ length: 1_000 }, (_, n) => [`t${n}`, 100])));
    const { shards } = planShards({ checks, workers: 4, startupMs: 3_000, mode: 'queue' });
    for (const { expectedMs } of shards.slice(0, -1)) expect(expectedMs).toBeGreaterThan(6_000);
  });

  it.each([0, 50])('spreads new tests of one file, slow all of them (start %d ms)', (startupMs) => {
    const slow = new Set(Array.from({ length: 16 }, (_, n) => `tests/new.py::t${n}`));
    const actual = new Map(
      [...aSuiteOf({ seed: 10, tests: 2_000, scale: 5 })].concat([...slow].map((id) => [id, 30_000])),
    );
    const timed = [...actual].map(([id, ms]) => ({
      id,
      file: id.split('::')[0],
      historyMs: slow.has(id) ? undefined : ms,
    }));
    const checks = estimateDurations(timed, 1_000);
    expect(ratioOf(checks, actual, { workers: 16, startupMs, mode: 'queue' })).toBeLessThan(1.3);
  });

  it.each(modes)('is as long as its one huge test, whatever else there is (mode %s)', (mode) => {
    const actual = new Map([...aSuiteOf({ seed: 11, tests: 500 })].concat([['huge', 3_600_000]]));
    expect(ratioOf(known(actual), actual, { workers: 16, startupMs: 3_000, mode })).toBe(1);
  });

  it('begins with what nobody knows', () => {
    const checks = known(aSuiteOf({ seed: 9, tests: 50 })).concat({
      id: 'new',
      expectedMs: 1,
      isUnknown: true,
    });
    expect(planShards({ checks, workers: 4, startupMs: 0, mode: 'queue' }).shards[0]?.ids[0]).toBe('new');
  });
});

describe('estimateDurations', () => {
  const timed = [
    { id: 'a::1', file: 'a', historyMs: 100 },
    { id: 'a::2', file: 'a', historyMs: 300 },
    { id: 'b::1', file: 'b', historyMs: 20 },
  ];

  it.each([
    ['a new test in a slow file', { id: 'a::3', file: 'a' }, 200],
    ['a new test in a fast file', { id: 'b::2', file: 'b' }, 140],
    ['a new test in a new file', { id: 'c::1', file: 'c' }, 140],
    ['a new test in no file', { id: 'x' }, 140],
  ])('takes %s for as long as the mean of its file or suite, whichever is more', (_what, check, ms) => {
    const estimated = estimateDurations([...timed, check], 1_000);
    expect(estimated.at(-1)).toMatchObject({ isUnknown: true, expectedMs: ms });
  });

  it('never expects nothing', () => {
    const estimated = estimateDurations([{ id: 'a', historyMs: 0 }, { id: 'b' }], 1_000);
    for (const { expectedMs } of estimated) expect(expectedMs).toBeGreaterThan(0);
  });

  it('goes by the fallback where nothing has a history', () => {
    expect(estimateDurations([{ id: 'a' }], 1_000)).toEqual([
      { id: 'a', expectedMs: 1_000, isUnknown: true },
    ]);
  });
});
