/** No present test runner ran before or will run after; seconds or microseconds mistaken for ms fall outside. */
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** False: the clock was not set or used another unit, so the time says nothing about when a test ran. */
export function isPlausibleTime(ms: number): boolean {
  return ms >= earliestMs && ms < latestMs;
}
