import { imagineDurations } from './imagine-durations.ts';
import { LeastLoaded } from './least-loaded.ts';
import type { PlannableCheck, ShardPlan } from './shard-plan.ts';

/** How often plans are tried each way. */
const trials = 6;
/** How much more it counts when what is known is as expected: durations are rarely older than a day or two. */
const steadyWeight = 3;

/**
 * Plays plans of the same checks on durations that might be: what is known is as expected, or not quite.
 *
 * @returns when each plan ends, in ms, as the weighted mean of some trials
 */
export function rehearsePlans(
  plans: readonly ShardPlan[],
  checks: readonly PlannableCheck[],
  { workers, startupMs }: { readonly workers: number; readonly startupMs: number },
): readonly number[] {
  const positions = new Map(checks.map(({ id }, n) => [id, n]));
  const cast = plans.map(({ shards }) => shards.map(({ ids }) => ids.map((id) => positions.get(id) ?? 0)));
  const sums = plans.map(() => 0);
  for (let trial = 0; trial < 2 * trials; trial++) {
    const isSteady = trial < trials;
    const durations = imagineDurations(checks, trial + 1, isSteady);
    for (const [n, shards] of cast.entries()) {
      const loads = new LeastLoaded(workers);
      for (const shard of shards)
        loads.give(shard.reduce((sum, check) => sum + (durations[check] ?? 0), startupMs));
      sums[n] = (sums[n] ?? 0) + (isSteady ? steadyWeight : 1) * loads.mostMs;
    }
  }
  return sums.map((sum) => sum / (trials * (steadyWeight + 1)));
}
