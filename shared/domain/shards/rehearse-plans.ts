import { imagineDurations } from './imagine-durations.ts';
import { LeastLoaded } from './least-loaded.ts';
import type { PlannableCheck, ShardPlan } from './shard-plan.ts';

/** The number of trials. */
const trials = 6;

/**
 * Simulates plans of the same checks with possible durations, which deviate from the expected ones.
 *
 * @returns the mean end of each plan over the trials, in ms
 */
export function rehearsePlans(
  plans: readonly ShardPlan[],
  checks: readonly PlannableCheck[],
  { workers, startupMs }: { readonly workers: number; readonly startupMs: number },
): readonly number[] {
  const positions = new Map(checks.map(({ id }, n) => [id, n]));
  const cast = plans.map(({ shards }) => shards.map(({ ids }) => ids.map((id) => positions.get(id) ?? 0)));
  const sums = plans.map(() => 0);
  for (let seed = 1; seed <= trials; seed++) {
    const durations = imagineDurations(checks, seed);
    for (const [n, shards] of cast.entries()) {
      const loads = new LeastLoaded(workers);
      for (const shard of shards)
        loads.give(shard.reduce((sum, check) => sum + (durations[check] ?? 0), startupMs));
      sums[n] = (sums[n] ?? 0) + loads.mostMs;
    }
  }
  return sums.map((sum) => sum / trials);
}
