/** No test runner of today ran before, and none runs after; seconds or microseconds taken for ms fall outside. */
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** False: the clock behind it was unset or of another unit, and says nothing of when a test ran. */
export function isPlausibleTime(ms: number): boolean {
  return ms >= earliestMs && ms < latestMs;
}
