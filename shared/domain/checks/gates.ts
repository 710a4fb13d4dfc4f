import { type Priority, priorities } from './priorities.ts';
import type { SettledCheck } from './settled-check.ts';

/** Per priority: the percentage that its failure rate must stay below; 0 allows no failures. */
export type Gates = Readonly<Record<Priority, number>>;
/** A number of checks per priority. */
export type PerPriority = Readonly<Record<Priority, number>>;

/** The weights of a shard's checks reach this as soon as a gate may be lost. */
export const lostWeight = 1_000_000;

/** @param count of checks with the priority @param percent the gate @returns how many of them may fail */
export function allowedFailures(count: number, percent: number): number {
  if (percent <= 0) return 0;
  if (percent >= 100) return count;
  let allowed = Math.ceil((count * percent) / 100);
  while (allowed > 0 && allowed * 100 >= count * percent) allowed--;
  return allowed;
}

/** How many checks of each priority may fail. @param counted the number of checks, without those in quarantine */
export function allowedOf(counted: PerPriority, gates: Gates): PerPriority {
  return perPriority((priority) => allowedFailures(counted[priority], gates[priority]));
}

/**
 * The weight of a shard's failures: 0 without failures, at least 1 otherwise. Once the stored shards contain more
 * regressions than a gate allows, their weights sum to at least `lostWeight`. They may also reach it earlier, since the
 * weights of several gates add up.
 */
export function weigh(checks: readonly SettledCheck[], allowed: PerPriority): number {
  const counted = checks.filter((check) => !check.quarantined);
  const regressions = counted
    .filter((check) => check.settlement === 'regression')
    .reduce((sum, { priority }) => sum + Math.ceil(lostWeight / (allowed[priority] + 1)), 0);
  const fine: readonly string[] = ['passed', 'flaky', 'skipped', 'regression'];
  return regressions + (counted.every((check) => fine.includes(check.settlement)) ? 0 : 1);
}

export function perPriority(count: (priority: Priority) => number): PerPriority {
  const [P1, P2, P3, P4, P5, P6] = priorities.map(count);
  return { P1: P1 ?? 0, P2: P2 ?? 0, P3: P3 ?? 0, P4: P4 ?? 0, P5: P5 ?? 0, P6: P6 ?? 0 };
}

/** The number of checks of each priority. */
export function countBy<C extends { readonly priority: Priority }>(checks: readonly C[]): PerPriority {
  return perPriority((priority) => checks.filter((check) => check.priority === priority).length);
}
