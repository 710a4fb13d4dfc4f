import type { PlannableCheck } from './shard-plan.ts';

/** A check as it was collected, with what its history says. */
export interface TimedCheck {
  readonly id: string;
  /** What it stands in; absent: it is not known. */
  readonly file?: string | undefined;
  readonly group?: string | undefined;
  /** The median of its latest passes; undefined: it has none. */
  readonly historyMs?: number | undefined;
}

/** A duration below the resolution of a clock is no duration. */
const leastMs = 0.001;

/**
 * What each check is expected to take. One without a history takes as long as the mean of its file or of the suite,
 * whichever is more, and never nothing: what is new tends to be slow, and comes late if it is taken for short.
 *
 * @param fallbackMs where no check has a history
 */
export function estimateDurations(checks: readonly TimedCheck[], fallbackMs: number): PlannableCheck[] {
  const known = checks.filter(({ historyMs }) => historyMs !== undefined);
  const suiteMs = meanOf(known) ?? fallbackMs;
  const fileMs = new Map(
    [...Map.groupBy(known, ({ file }) => file)].map(([file, members]) => [file, meanOf(members) ?? 0]),
  );
  return checks.map(({ id, file, group, historyMs }) => {
    const guessMs = Math.max(suiteMs, (file === undefined ? undefined : fileMs.get(file)) ?? 0);
    const expectedMs = Math.max(historyMs ?? guessMs, leastMs);
    return { id, expectedMs, isUnknown: historyMs === undefined, ...(group !== undefined && { group }) };
  });
}

function meanOf(checks: readonly TimedCheck[]): number | undefined {
  const sum = checks.reduce((total, { historyMs = 0 }) => total + historyMs, 0);
  return checks.length === 0 ? undefined : sum / checks.length;
}
