import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { PlannedShardRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { burstOf } from '../../domain/checks/burst.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import {
  type Attempts,
  settleCheck,
  wantsComparison,
  wantsConfirmation,
  wantsRetry,
} from '../../domain/checks/settle-check.ts';
import type { CheckTarget, ClaimedShard } from '../../ports/check-runner.ts';
import type { Ports } from '../../ports/ports.ts';

export interface ShardRun {
  readonly suite: Suite;
  readonly work: ClaimedShard;
  /** Absent: no URL leads to it alone, so no check is sent. */
  readonly candidate: CheckTarget | undefined;
  /** Absent: there is no revision to compare with. */
  readonly stable: CheckTarget | undefined;
  /** How many checks of the suite's priority may fail: with more failures, the gate is lost anyway. */
  readonly allowed: number;
  /** Ends the shard: checks in progress are cut short, and no further ones start. */
  readonly signal: AbortSignal;
  /** Called when the last check starts, if checks run one by one. */
  readonly onLast: () => void;
}

/** The results of a shard's checks. */
export interface ShardOutcome {
  /** By id; an id that is missing did not run. */
  readonly attempts: ReadonlyMap<string, Attempts>;
  /** The failure that so many of them share that the rest was not run. */
  readonly burst: string | undefined;
}

/**
 * Executes a shard's checks and settles each failure at once: it is retried on the candidate, then run on the stable
 * revision and, if that passes, once more on the candidate. Checks of the config run one by one. A command, whose start
 * costs seconds, runs all its checks, then the failed ones, then those that still fail on stable.
 *
 * @param recent the worker's latest results, to see a burst in; those of checks that count are added to it
 */
export async function runShard(
  shard: PlannedShardRecord,
  { candidate, ...run }: ShardRun,
  recent: CheckResult[],
  ports: Pick<Ports, 'checks'>,
): Promise<ShardOutcome> {
  if (!candidate) return { attempts: new Map(), burst: undefined };
  // The connection ends with the shard: after it, the worker verifies which revision may have responded.
  const session = new AbortController();
  try {
    return await runBatches(shard, { ...run, candidate, session: session.signal }, recent, ports);
  } finally {
    session.abort();
  }
}

/** Only if there is a revision to run it on. */
interface OpenRun extends ShardRun {
  readonly candidate: CheckTarget;
  /** First executions share a connection; each retry and comparison has its own. */
  readonly session: AbortSignal;
}

async function runBatches(
  { checks }: PlannedShardRecord,
  run: OpenRun,
  recent: CheckResult[],
  ports: Pick<Ports, 'checks'>,
): Promise<ShardOutcome> {
  const ids = checks.map(({ id }) => id);
  const isWhole = run.suite.kind === 'command';
  const batches = isWhole ? [ids] : ids.map((id) => [id]);
  const attempts = new Map<string, Attempts>();
  const counted = new Set(checks.filter(({ quarantined }) => !quarantined).map(({ id }) => id));
  for (const [n, batch] of batches.entries()) {
    if (run.signal.aborted) break;
    if (n === batches.length - 1 && !isWhole) run.onLast();
    await settleBatch(batch, run, attempts, counted, recent, ports);
    if (regressionsIn(checks, attempts) > run.allowed) break;
    const burst = burstOf(recent);
    if (burst !== undefined && !run.signal.aborted) return { attempts, burst };
  }
  return { attempts, burst: undefined };
}

function regressionsIn(
  checks: PlannedShardRecord['checks'],
  attempts: ReadonlyMap<string, Attempts>,
): number {
  return checks.filter(({ id, quarantined }) => {
    const known = attempts.get(id);
    return !quarantined && known !== undefined && settleCheck(known) === 'regression';
  }).length;
}

async function settleBatch(
  ids: readonly string[],
  { suite, work, candidate, stable, signal, session }: OpenRun,
  attempts: Map<string, Attempts>,
  counted: ReadonlySet<string>,
  recent: CheckResult[],
  { checks }: Pick<Ports, 'checks'>,
): Promise<void> {
  const { retries } = suite;
  const wanting = (wants: (one: Attempts) => boolean) =>
    ids.filter((id) => {
      const known = attempts.get(id);
      return known !== undefined && wants(known);
    });
  let left = ids;
  for (let attempt = 1; left.length > 0 && !signal.aborted; attempt++) {
    await checks.run(
      { suite, ids: left, target: candidate, attempt, work, session: attempt === 1 ? session : undefined },
      (result) => {
        const before = attempts.get(result.id)?.candidate ?? [];
        attempts.set(result.id, { candidate: [...before, result] });
        if (attempt === 1 && counted.has(result.id)) recent.push(result);
      },
      signal,
    );
    const again = wanting((one) => wantsRetry(one, retries));
    // A check without a result this time did not run: it is not retried for ever.
    left = again.filter((id) => attempts.get(id)?.candidate.length === attempt);
  }
  const failing = wanting((one) => wantsComparison(one, retries));
  if (!stable || failing.length === 0 || signal.aborted) return;
  await checks.run(
    { suite, ids: failing, target: stable, attempt: 1, work },
    (result) => {
      attempts.set(result.id, { candidate: attempts.get(result.id)?.candidate ?? [], stable: result });
    },
    signal,
  );
  const doubtful = wanting(wantsConfirmation);
  if (doubtful.length === 0 || signal.aborted) return;
  await checks.run(
    { suite, ids: doubtful, target: candidate, attempt: retries + 2, work },
    (result) => {
      const { candidate: before = [], stable: other } = attempts.get(result.id) ?? {};
      attempts.set(result.id, { candidate: [...before, result], stable: other, confirmed: true });
    },
    signal,
  );
}

/**
 * How long a shard may take before its worker counts as lost: well over its expected duration, and at most the sum of
 * its time limits.
 */
export function shardBudgetMs({ checks, expectedMs, unknown = 0 }: PlannedShardRecord, suite: Suite): number {
  const executions = executionsOf(suite);
  const startMs =
    suite.kind === 'command' && suite.job !== undefined ? jobStartMs + durationMs(suite.startup) : 0;
  const limitMs =
    suite.kind === 'command'
      ? (durationMs(suite.suiteTimeout) + startMs) * executions
      : checks.length * checkBudgetMs(suite);
  const guessedMs = suite.kind === 'command' ? 0 : unknown * guessMs(suite);
  return Math.min(
    limitMs,
    Math.max(3 * expectedMs, guessedMs) + checkBudgetMs(suite) + executions * startMs + graceMs,
  );
}

/** The time limit of one check with everything that settles it, if it needs no start of its own. */
export function checkBudgetMs(suite: Suite): number {
  return executionsOf(suite) * durationMs(suite.timeout);
}

/** The executions of one check: its retries, on stable, and once more. */
function executionsOf({ retries }: Suite): number {
  return retries + 3;
}

/**
 * How long Cloud Run may take to start a job's container, each time: 5 to 20 s in practice. Not more, so that a job
 * that never starts is given up, and its shard claimed again, long before the stage ends.
 */
const jobStartMs = 30_000;

/** The assumed duration of an unknown check: a suite of slow checks must not lose its shards on its first run. */
export function guessMs({ timeout }: Suite): number {
  return Math.min(durationMs(timeout), 5_000);
}

/** For a runner's start, and for the end of a check that is cut short. */
const graceMs = 15_000;

/** The suite of a shard. @throws {TypeError} the config has no such suite */
export function suiteOf({ suites }: ServiceConfig, { suite }: PlannedShardRecord): Suite {
  const found = suites.find(({ name }) => name === suite);
  if (!found) throw new TypeError(`the config has no suite ${suite}`);
  return found;
}
