import type { TestFacts, TestPlanFacts } from './assess-tests.ts';
import type { PlannedShard, RunSuite } from './planned-shard.ts';
import type { SettledCheck, Settlement } from './settled-check.ts';

/** The results of a shard's checks, in the plan's order. */
export interface SettledShard {
  /** The index of the shard in the plan. */
  readonly i: number;
  readonly checks: readonly Pick<
    SettledCheck,
    'settlement' | 'durationMs' | 'untimed' | 'latencyMs' | 'detail'
  >[];
}

/** A shard that was read from the store. */
export interface ReadShard extends SettledShard {
  /** The failure that so many checks share that the rest was not run. */
  readonly burst?: string | undefined;
  readonly storedAt: Date;
}

/**
 * Combines the stored shards into the facts about a run's checks.
 * @param seen what the revision's request log shows about its tests; undefined: not read
 */
export function testFactsOf(
  head: TestPlanFacts,
  plan: readonly PlannedShard[],
  shards: readonly ReadShard[],
  suites: readonly RunSuite[],
  seen: 'requests' | 'nothing' | 'unknown' | undefined,
): TestFacts {
  const checks = settledChecks(plan, shards, suites);
  const inShards = new Set(shards.map(({ i }) => i));
  const missing = plan
    .filter((_shard, i) => !inShards.has(i))
    .flatMap(({ checks }) => checks.filter(({ warns }) => !warns));
  const bursts = shards.filter(({ burst }) => burst !== undefined).map(({ storedAt }) => storedAt.getTime());
  return {
    plan: head,
    shardsIn: shards.length,
    checks: seen === 'nothing' ? suspectCommands(checks, suites) : checks,
    missing: { count: missing.length, first: missing.slice(0, 5).map(({ id }) => id) },
    ...(warnsOnly(head, plan) && { warnsOnly: true }),
    ...(bursts.length > 0 && { burstAt: new Date(Math.max(...bursts)) }),
  };
}

function warnsOnly({ warnings = [] }: TestPlanFacts, plan: readonly PlannedShard[]): boolean {
  const planned = plan.flatMap(({ checks }) => checks);
  return planned.length + warnings.length > 0 && planned.every(({ warns }) => warns);
}

/** The checks of the stored shards, with their data from plan and config. */
export function settledChecks(
  plan: readonly PlannedShard[],
  shards: readonly SettledShard[],
  suites: readonly RunSuite[],
): readonly SettledCheck[] {
  const priorities = new Map(suites.map(({ name, priority }) => [name, priority]));
  return shards.flatMap((shard) => {
    const planned = plan[shard.i];
    return (planned?.checks ?? []).map(({ id, quarantined = false, warns }, k): SettledCheck => {
      const suite = planned?.suite ?? '';
      const outcome = shard.checks[k] ?? { settlement: 'not-run' as const, durationMs: 0 };
      return {
        ...outcome,
        suite,
        id,
        quarantined,
        ...(warns && { warns }),
        priority: priorities.get(suite) ?? 'P1',
      };
    });
  });
}

const claimed: readonly Settlement[] = ['passed', 'flaky'];

/** No request reached the revision, so its command tests cannot have tested it. */
function suspectCommands(
  checks: readonly SettledCheck[],
  suites: readonly RunSuite[],
): readonly SettledCheck[] {
  const commands = new Set(suites.filter(({ kind }) => kind === 'command').map(({ name }) => name));
  return checks.map((check) =>
    claimed.includes(check.settlement) && commands.has(check.suite)
      ? { ...check, settlement: 'suspect' }
      : check,
  );
}
