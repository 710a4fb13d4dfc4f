import type { PlannableCheck } from './shard-plan.ts';

/** A collected check, with its history. */
export interface TimedCheck {
  readonly id: string;
  /** Its file; absent: unknown. */
  readonly file?: string | undefined;
  readonly group?: string | undefined;
  /** The median of its latest passes; undefined: it has none. */
  readonly historyMs?: number | undefined;
}

/** A duration below the resolution of a clock means nothing. */
const leastMs = 0.001;

/**
 * The expected duration of each check. A check without a history gets the mean of its file or of the suite, whichever
 * is higher, and never zero: new checks tend to be slow, and end late if they are assumed to be short.
 *
 * @param fallbackMs used if no check has a history
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
