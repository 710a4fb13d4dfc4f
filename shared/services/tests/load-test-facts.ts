import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import {
  type PlanHeadRecord,
  type PlannedShardRecord,
  type ShardRecord,
  witnessId,
  witnessOf,
} from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { TestFacts } from '../../domain/suites/assess-tests.ts';
import type { SettledCheck } from '../../domain/suites/settled-check.ts';
import type { Store } from '../../ports/store.ts';
import { loadPlan, loadPlanHead } from './load-plan.ts';
import { loadShards } from './load-shards.ts';

/** What the stored documents say of a run's checks. */
export async function loadTestFacts(
  store: Store,
  runId: RunId,
  config: ServiceConfig,
): Promise<{ readonly head: PlanHeadRecord | undefined; readonly facts: TestFacts }> {
  const head = await loadPlanHead(store, runId);
  if (!head)
    return {
      head,
      facts: { plan: undefined, shardsIn: 0, checks: [], missing: { count: 0, first: [] } },
    };
  const [plan, shards, witness] = await Promise.all([
    loadPlan(store, runId, head),
    loadShards(store, runId),
    store.get(documentIn(witnessOf(runId), witnessId)),
  ]);
  const checks = settledChecks(plan, shards, config);
  const inShards = new Set(shards.map(({ i }) => i));
  const missing = plan.filter((_shard, i) => !inShards.has(i)).flatMap(({ checks }) => checks);
  const facts: TestFacts = {
    plan: head,
    shardsIn: shards.length,
    checks: witness?.data.seen === 'nothing' ? suspectCommands(checks, config) : checks,
    missing: { count: missing.length, first: missing.slice(0, 5).map(({ id }) => id) },
  };
  return { head, facts };
}

/** The checks of the shards that are in, each with what the plan and the config say of it. */
export function settledChecks(
  plan: readonly PlannedShardRecord[],
  shards: readonly ShardRecord[],
  config: ServiceConfig,
): readonly SettledCheck[] {
  const priorities = new Map(config.suites.map(({ name, priority }) => [name, priority]));
  return shards.flatMap((shard) => {
    const planned = plan[shard.i];
    return (planned?.checks ?? []).map(({ id, quarantined = false }, k): SettledCheck => {
      const suite = planned?.suite ?? '';
      const outcome = shard.checks[k] ?? { settlement: 'not-run' as const, durationMs: 0 };
      return { ...outcome, suite, id, quarantined, priority: priorities.get(suite) ?? 'P1' };
    });
  });
}

/** No request reached the revision: whatever its commands say, their tests have not asked it. */
function suspectCommands(
  checks: readonly SettledCheck[],
  { suites }: ServiceConfig,
): readonly SettledCheck[] {
  const commands = new Set(suites.filter(({ kind }) => kind === 'command').map(({ name }) => name));
  return checks.map((check) =>
    check.settlement === 'passed' && commands.has(check.suite) ? { ...check, settlement: 'suspect' } : check,
  );
}
