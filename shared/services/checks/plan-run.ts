import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { PlannedShardRecord, TestHistoryEntry } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { type PlannedSuite, planChecks } from '../../domain/checks/plan-checks.ts';
import type { RunCheck } from './collect-checks.ts';
import { guessMs } from './run-shard.ts';

/** Splits a run's checks into shards, in the order in which they are claimed. */
export function planRun(
  checks: readonly RunCheck[],
  { tests: { workers } }: ServiceConfig,
  histories: ReadonlyMap<string, TestHistoryEntry>,
): readonly PlannedShardRecord[] {
  // Checks of one suite have one suite in common.
  const suites = new Map(checks.map(({ suite }) => [suite, plannedSuite(suite)]));
  const unplanned = checks.flatMap((check) => {
    const suite = suites.get(check.suite);
    return suite ? [{ ...check, suite }] : [];
  });
  return planChecks(unplanned, workers, histories);
}

function plannedSuite(suite: Suite): PlannedSuite {
  const { name, kind, priority } = suite;
  const startupMs = kind === 'command' ? durationMs(suite.startup) : 0;
  return { name, kind, priority, startupMs, guessMs: guessMs(suite) };
}
