import { loadShards } from '../../shared/services/checks/load-shards.ts';
import { reportRun } from '../../shared/services/query-reports.ts';
import type { ChecksRun, ChecksStack } from './checks-stack.ts';

export interface ChecksMeasure {
  readonly verdict: string | undefined;
  /** Why stage `tests` was decided as it was. */
  readonly reasons: string;
  readonly startedAt: Date;
  readonly decidedAt: Date;
  /** From the first shard's start to the last one's end, in ms. */
  readonly makespanMs: number;
  /** From the message of the deploy to the decision. */
  readonly wholeMs: number;
  /** From the last shard's end to the decision. */
  readonly decisionMs: number;
  /** From the first shard's start to the end of the one with a regression. Undefined: there was none. */
  readonly regressionMs: number | undefined;
  /** From the end of the shard with a regression to the last worker's end. */
  readonly idleMs: number | undefined;
  /** What each check took, in ms: its wait, and connections, the local Cloud Run and its container. */
  readonly durations: readonly number[];
}

/** When things happened in a run of checks, as its stored documents have it. */
export async function measureChecks(
  { store }: ChecksStack,
  { runId, arrivedAt }: ChecksRun,
): Promise<ChecksMeasure> {
  const report = await reportRun(store, runId);
  const shards = await loadShards(store, runId);
  const decision = report?.decisions.find(({ stage }) => stage === 'tests');
  if (!report || !decision) throw new Error(`run ${runId}: stage tests was not decided`);
  const startedMs = Math.min(...shards.map(({ startedAt }) => startedAt.getTime()));
  const endedMs = Math.max(...shards.map(({ endedAt }) => endedAt.getTime()));
  const regressedMs = shards
    .find(({ checks }) => checks.some(({ settlement }) => settlement === 'regression'))
    ?.endedAt.getTime();
  const durations = shards.flatMap(({ checks }) => checks.map(({ durationMs }) => durationMs));
  return {
    verdict: report.run.verdict,
    reasons: decision.reasons.map(({ code, text }) => `${code}: ${text}`).join('; '),
    startedAt: new Date(startedMs),
    decidedAt: decision.at,
    makespanMs: endedMs - startedMs,
    wholeMs: decision.at.getTime() - arrivedAt.getTime(),
    decisionMs: decision.at.getTime() - endedMs,
    regressionMs: regressedMs && regressedMs - startedMs,
    idleMs: regressedMs && endedMs - regressedMs,
    durations,
  };
}

/** @throws {Error} the run did not pass: its figures are of no use */
export function passed(measure: ChecksMeasure): ChecksMeasure {
  if (measure.verdict === 'pass') return measure;
  throw new Error(`the run ended with ${measure.verdict}: ${measure.reasons}`);
}

/** No plan could end sooner: all shared evenly, or the longest. */
export function lowerBoundMs(waits: readonly number[], workers: number): number {
  return Math.max(waits.reduce((a, b) => a + b, 0) / workers, ...waits);
}
