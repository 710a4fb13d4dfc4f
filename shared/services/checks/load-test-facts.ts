import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import {
  type PlanHeadRecord,
  type PlannedShardRecord,
  type ShardRecord,
  type WitnessRecord,
  witnessId,
  witnessOf,
} from '../../contracts/records.ts';
import type { TestFacts } from '../../domain/checks/assess-tests.ts';
import type { SettledCheck, Settlement } from '../../domain/checks/settled-check.ts';
import { CorruptRecordError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadPlan, loadPlanHead } from './load-plan.ts';
import { loadShards, type StoredShard } from './load-shards.ts';

interface LoadedFacts {
  readonly head: PlanHeadRecord | undefined;
  readonly facts: TestFacts;
}

const nothing: LoadedFacts = {
  head: undefined,
  facts: { plan: undefined, shardsIn: 0, checks: [], missing: { count: 0, first: [] } },
};

/** What the stored documents say of a run's checks. A plan that cannot be read is none. */
export async function loadTestFacts(
  runId: RunId,
  config: ServiceConfig,
  ports: Pick<Ports, 'store' | 'log'>,
): Promise<LoadedFacts> {
  try {
    const head = await loadPlanHead(ports.store, runId);
    if (!head) return nothing;
    const [plan, shards, witness] = await Promise.all([
      loadPlan(ports.store, runId, head),
      loadShards(ports.store, runId, ports.log),
      ports.store.get(documentIn(witnessOf(runId), witnessId)),
    ]);
    return { head, facts: factsOf(head, plan, shards, config, witness?.data.seen) };
  } catch (error) {
    if (!(error instanceof CorruptRecordError)) throw error;
    ports.log.error({ code: 'corrupt-record', path: error.path }, error.message);
    return nothing;
  }
}

function factsOf(
  head: PlanHeadRecord,
  plan: readonly PlannedShardRecord[],
  shards: readonly StoredShard[],
  config: ServiceConfig,
  seen: WitnessRecord['seen'] | undefined,
): TestFacts {
  const checks = settledChecks(plan, shards, config);
  const inShards = new Set(shards.map(({ i }) => i));
  const missing = plan.filter((_shard, i) => !inShards.has(i)).flatMap(({ checks }) => checks);
  const bursts = shards.filter(({ burst }) => burst !== undefined).map(({ storedAt }) => storedAt.getTime());
  return {
    plan: head,
    shardsIn: shards.length,
    checks: seen === 'nothing' ? suspectCommands(checks, config) : checks,
    missing: { count: missing.length, first: missing.slice(0, 5).map(({ id }) => id) },
    ...(bursts.length > 0 && { burstAt: new Date(Math.max(...bursts)) }),
  };
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

const claimed: readonly Settlement[] = ['passed', 'flaky'];

/** No request reached the revision: whatever its commands say, their tests have not asked it. */
function suspectCommands(
  checks: readonly SettledCheck[],
  { suites }: ServiceConfig,
): readonly SettledCheck[] {
  const commands = new Set(suites.filter(({ kind }) => kind === 'command').map(({ name }) => name));
  return checks.map((check) =>
    claimed.includes(check.settlement) && commands.has(check.suite)
      ? { ...check, settlement: 'suspect' }
      : check,
  );
}
