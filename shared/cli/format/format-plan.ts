import { countOf } from '../../domain/render/count-of.ts';
import type { Played } from '../../domain/shards/play-plan.ts';
import type { PlanMode } from '../../domain/shards/shard-plan.ts';
import { formatTable } from '../../wording/format-table.ts';

/** The simulated result of a plan, in seconds. */
export interface PlanReport {
  readonly mode: PlanMode;
  readonly makespanSeconds: number;
  readonly lowerBoundSeconds: number;
  /** 1: no plan could end sooner. */
  readonly ratio: number;
  readonly shards: number;
  readonly tests: number;
  /** Tests whose duration was estimated. */
  readonly unknown: number;
  readonly workers: readonly { readonly shards: number; readonly tests: number; readonly seconds: number }[];
}

export function reportPlan(
  { makespanMs, lowerBoundMs, workers }: Played,
  plan: Pick<PlanReport, 'mode' | 'shards' | 'unknown'>,
): PlanReport {
  return {
    ...plan,
    tests: workers.reduce((sum, { tests }) => sum + tests, 0),
    makespanSeconds: toSeconds(makespanMs),
    lowerBoundSeconds: toSeconds(lowerBoundMs),
    ratio: lowerBoundMs === 0 ? 1 : Math.round((makespanMs / lowerBoundMs) * 10_000) / 10_000,
    workers: workers.map(({ shards, tests, ms }) => ({ shards, tests, seconds: toSeconds(ms) })),
  };
}

/** Formats the result for people. */
export function formatPlan(report: PlanReport): string {
  const { mode, tests, unknown, shards, workers, makespanSeconds, lowerBoundSeconds, ratio } = report;
  const guessed = unknown > 0 ? ` (${unknown} of unknown duration)` : '';
  const rows = workers.map((worker, n) => [n, worker.shards, worker.tests, worker.seconds].map(String));
  return [
    `${countOf(tests, 'test')}${guessed} in ${countOf(shards, 'shard')}, ${mode}\n`,
    `takes ${makespanSeconds} s; no plan could take less than ${lowerBoundSeconds} s (ratio ${ratio})\n\n`,
    formatTable(['WORKER', 'SHARDS', 'TESTS', 'SECONDS'], rows),
  ].join('');
}

/** To the millisecond. */
function toSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}
