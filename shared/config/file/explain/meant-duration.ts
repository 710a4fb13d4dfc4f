/** Milliseconds of each unit of a config, and the words that people use for it. */
const units: readonly (readonly [unit: string, ms: number, words: RegExp])[] = [
  ['ms', 1, /^(ms|msecs?|millis|milliseconds?)$/],
  ['s', 1_000, /^(|s|secs?|seconds?)$/],
  ['m', 60_000, /^(m|mins?|minutes?)$/],
  ['h', 3_600_000, /^(h|hrs?|hours?)$/],
  ['d', 86_400_000, /^(d|days?)$/],
];

/**
 * The duration that was probably meant by `4`, `4 s`, `4sec`, `1h30m` or `0.5s`, in the largest unit that was named and
 * gives a whole number. A number alone is taken for seconds.
 */
export function meantDuration(text: string): string | undefined {
  // Nobody writes a duration that long, and an expression could take for ever.
  if (text.length > 40) return undefined;
  const lower = text.trim().toLowerCase();
  if (!/^(\d+(\.\d+)?\s*[a-z]*\s*){1,5}$/.test(lower)) return undefined;
  const parts = [...lower.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)].map(([, count, word = '']) => ({
    count: Number(count),
    unit: units.findIndex(([, , words]) => words.test(word)),
  }));
  const ms = parts.reduce((sum, { count, unit }) => sum + count * (units[unit]?.[1] ?? Number.NaN), 0);
  const largest = Math.max(...parts.map(({ unit }) => unit));
  const whole = units.slice(0, largest + 1).findLast(([, of]) => Number.isInteger(ms / of));
  return whole && `${ms / whole[1]}${whole[0]}`;
}
