import { durationMs } from '../../contracts/duration.ts';
import type { PlannedShardRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { confirmationMs, retryPauseMs } from '../../domain/checks/settle-check.ts';

/**
 * How long a shard may take before its worker is taken for lost: well over what is expected of it, and no longer than
 * all its time limits together.
 */
export function shardBudgetMs({ checks, expectedMs, unknown = 0 }: PlannedShardRecord, suite: Suite): number {
  const executions = executionsOf(suite);
  const startMs =
    suite.kind === 'command' && suite.job !== undefined ? jobStartMs + durationMs(suite.startup) : 0;
  const limitMs =
    suite.kind === 'command'
      ? (durationMs(suite.suiteTimeout) + startMs) * executions + pausesMs(suite)
      : checks.length * checkBudgetMs(suite);
  const guessedMs = suite.kind === 'command' ? 0 : unknown * guessMs(suite);
  return Math.min(
    limitMs,
    Math.max(3 * expectedMs, guessedMs) + checkBudgetMs(suite) + executions * startMs + graceMs,
  );
}

/** How long one check may take with everything that settles it, where it needs no start of its own. */
export function checkBudgetMs(suite: Suite): number {
  return executionsOf(suite) * durationMs(suite.timeout) + pausesMs(suite);
}

/** All pauses of a worker's message end within this time of its start: well under a push subscription's 600 s. */
export const longestPausesMs = 480_000;

/** All pauses between the executions of one check. */
function pausesMs({ retries, retryPause }: Suite): number {
  const pauseMs = durationMs(retryPause);
  const before = Array.from({ length: retries }, (_, n) => retryPauseMs(n + 1, pauseMs));
  const allMs = before.reduce((sum, ms) => sum + ms, confirmationMs(pauseMs));
  return Math.min(allMs, longestPausesMs);
}

/** Of one check: with its retries, on stable, and once more. */
function executionsOf({ retries }: Suite): number {
  return retries + 3;
}

/**
 * What Cloud Run may take to start a job's container, each time anew: 5 to 20 s in practice. No more than that, so that
 * a job which never starts is given up, and its shard claimed again, long before the stage ends.
 */
const jobStartMs = 30_000;

/** What a check may take that nobody has seen yet: a suite of slow ones must not lose its shards on its first run. */
export function guessMs({ timeout }: Suite): number {
  return Math.min(durationMs(timeout), 5_000);
}

/** For a runner's start, and for the end of what is given up. */
const graceMs = 15_000;
