import { seededFractions } from '../seeded-fractions.ts';
import type { PlannableCheck } from './shard-plan.ts';

/** How far real durations deviate from the expected ones, as the standard deviation of their logarithm. */
const spread = 0.3;
/** The same if no check has a history. */
const unknownSpread = 1;
/** The share of checks with an unrelated duration: set-up work moved to them, or they ran into a time-out. */
const strays = 0.002;

/**
 * One possible course of a run: each check takes about as long as expected, an unknown one as long as any other, and a
 * few are far off. The same seed always gives the same result.
 *
 * @returns in ms, in the order of the checks
 */
export function imagineDurations(checks: readonly PlannableCheck[], seed: number): readonly number[] {
  const random = seededFractions(seed);
  const known = checks.filter(({ isUnknown }) => !isUnknown).map(({ expectedMs }) => expectedMs);
  const near = (expectedMs: number, by: number) => expectedMs * Math.exp(by * gaussian(random));
  const anyOf = (expectedMs: number) =>
    known[Math.floor(random() * known.length)] ?? near(expectedMs, unknownSpread);
  return checks.map(({ expectedMs, isUnknown }) =>
    isUnknown || random() < strays ? anyOf(expectedMs) : near(expectedMs, spread),
  );
}

/** Close enough to a normal deviate: the sum of three uniform ones, with mean 0 and variance 1. */
function gaussian(random: () => number): number {
  return 2 * (random() + random() + random() - 1.5);
}
