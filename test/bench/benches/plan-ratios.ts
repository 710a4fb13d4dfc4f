import { type PlanRequest, planShards } from '../../../shared/domain/shards/plan-shards.ts';
import { playPlan } from '../../../shared/domain/shards/play-plan.ts';
import { aSuiteOf } from '../../domain/shards/suites.ts';
import type { Bench, Figure } from '../bench.ts';
import { casesIn, madeUpCases, type PlanCase } from '../timing-files.ts';

/** A folder of timings to plan in place of made-up ones. */
const folder = process.env.BENCH_TIMINGS;
const workerCounts = [4, 16, 64];
const large = 30_000;
const times = 9;

type How = Omit<PlanRequest, 'checks' | 'workers'>;

/** How near plans come to the least possible, on what is known today and on what was known some time ago. */
export const planRatios: Bench = {
  title: `Plans for ${workerCounts.join(', ')} workers, makespan ÷ lower bound (${folder ? 'timings of BENCH_TIMINGS' : 'made-up suites'})`,
  async run() {
    const { fresh, stale } = folder === undefined ? madeUpCases() : await casesIn(folder);
    return [
      worst('fresh, queue', fresh, { mode: 'queue', startupMs: 0 }, 1.035),
      worst('fresh, static', fresh, { mode: 'static', startupMs: 0 }, 1.005),
      worst('fresh, auto, 3 s each start', fresh, { mode: 'auto', startupMs: 3_000 }, 1.15),
      ...(stale.length === 0
        ? []
        : [
            mean('older, queue, no start cost', stale, { mode: 'queue', startupMs: 0 }, 1.1),
            mean('older, auto, 3 s each start', stale, { mode: 'auto', startupMs: 3_000 }, 1.2),
            mean('older, static, 3 s each start', stale, { mode: 'static', startupMs: 3_000 }),
          ]),
      ...planningTimes(),
    ];
  },
};

function ratios(cases: readonly PlanCase[], how: How): readonly number[] {
  return cases.flatMap(({ checks, actual }) =>
    workerCounts.map((workers) => {
      const request = { ...how, workers };
      const plan = planShards({ checks, ...request });
      const { makespanMs, lowerBoundMs } = playPlan(plan, (id) => actual.get(id), request);
      return makespanMs / lowerBoundMs;
    }),
  );
}

function worst(what: string, cases: readonly PlanCase[], how: How, aim: number): Figure {
  const all = ratios(cases, how);
  return { what: `${what}: worst of ${all.length}`, values: [Math.max(...all)], unit: 'ratio', aim };
}

function mean(what: string, cases: readonly PlanCase[], how: How, aim?: number): Figure {
  const all = ratios(cases, how);
  return {
    what: `${what}: mean of ${all.length}, worst ${Math.max(...all).toFixed(2)}`,
    values: [all.reduce((a, b) => a + b, 0) / all.length],
    unit: 'ratio',
    ...(aim !== undefined && { aim }),
  };
}

function planningTimes(): readonly Figure[] {
  const checks = [...aSuiteOf({ seed: 1, tests: large, scale: 10 })].map(([id, expectedMs]) => ({
    id,
    expectedMs,
    isUnknown: false,
  }));
  return (['queue', 'static', 'auto'] as const).map((mode) => ({
    what: `${large} tests planned for 64 workers, ${mode}`,
    values: Array.from({ length: times }, () => {
      const startedMs = performance.now();
      planShards({ checks, workers: 64, startupMs: mode === 'auto' ? 3_000 : 0, mode });
      return performance.now() - startedMs;
    }),
    unit: 'ms',
    aim: 300,
  }));
}
