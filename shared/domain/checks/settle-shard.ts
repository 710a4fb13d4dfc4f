import type { CheckResult } from './check-result.ts';
import type { PlannedShard, RunSuite } from './planned-shard.ts';
import { type Attempts, settleCheck } from './settle-check.ts';
import type { SettledCheck, Settlement } from './settled-check.ts';

export interface SuspicionPolicy {
  /** The minimum duration of a command's test: a faster pass is suspect. */
  readonly floorMs: number;
  /** Whether suspect checks are only reported, or count as not run. */
  readonly suspect: 'report' | 'not-run';
}

/** Settles each check of a shard by all its executions. @throws {TypeError} its suite is not among `suites` */
export function settleShard(
  shard: PlannedShard,
  attempts: ReadonlyMap<string, Attempts>,
  suites: readonly RunSuite[],
  policy: SuspicionPolicy,
): SettledCheck[] {
  const suite = suites.find(({ name }) => name === shard.suite);
  if (!suite) throw new TypeError(`there is no suite ${shard.suite}`);
  return shard.checks.map(({ id, quarantined = false, warns }) => {
    const known = attempts.get(id) ?? { candidate: [] };
    const first = known.candidate[0];
    return {
      suite: shard.suite,
      id,
      priority: suite.priority,
      quarantined,
      ...(warns && { warns }),
      settlement: withSuspicion(settleCheck(known), known, suite, policy),
      durationMs: first?.durationMs ?? 0,
      ...(first?.untimed && { untimed: true }),
      latencyMs: known.candidate.findLast(({ latencyMs }) => latencyMs !== undefined)?.latencyMs,
      detail: known.candidate.findLast(({ detail }) => detail !== undefined)?.detail,
    };
  });
}

/**
 * A pass that took no time, or sent no request where requests are counted, does not prove that anything ran: neither on
 * the candidate nor, with `not-run`, on stable.
 */
function withSuspicion(
  settlement: Settlement,
  { candidate, stable }: Attempts,
  { kind }: RunSuite,
  { floorMs, suspect }: SuspicionPolicy,
): Settlement {
  const isShort = (passed: CheckResult | undefined) =>
    passed?.untimed !== true && (passed?.durationMs ?? 0) < floorMs;
  const isSuspect = (passed: CheckResult | undefined) =>
    passed?.requests === 0 || (kind === 'command' && isShort(passed));
  if (settlement === 'passed' || settlement === 'flaky')
    return isSuspect(candidate.at(-1)) ? 'suspect' : settlement;
  const isUnproven = settlement === 'regression' && suspect === 'not-run' && isSuspect(stable);
  return isUnproven ? 'uncompared' : settlement;
}

/** The number of executions on candidate and stable. */
export function executionsOf(attempts: Attempts | undefined): number {
  return attempts ? attempts.candidate.length + (attempts.stable ? 1 : 0) : 0;
}

/** True: it did not simply pass, so it is listed in the run's failures. */
export function isRemarkable({ settlement }: Pick<SettledCheck, 'settlement'>): boolean {
  return !unremarkable.includes(settlement);
}

const unremarkable: readonly Settlement[] = ['passed', 'skipped', 'not-run'];
