import type { ProbeAnswer } from './probe-answer.ts';

/**
 * Whether an answer by the service URL may be an older revision's: routes change first, traffic follows within
 * `propagationMs`. Our clock may be ahead, so the answer's own `Date` (the platform's clock, whole seconds) has a say; a
 * wrong `Date` must not stop the guard, so having seen the routes for long enough settles it too.
 *
 * @param since when the routes changed, by the platform's clock
 * @param seenForMs how long we have seen these routes, by a monotonic clock
 */
export function isOldAnswer(
  answer: ProbeAnswer,
  since: Date,
  propagationMs: number,
  seenForMs: number,
  now: Date,
): boolean {
  if (seenForMs >= propagationMs) return false;
  const sent = answer.kind === 'answer' ? Date.parse(answer.headers.date ?? '') : Number.NaN;
  const platformNow = Number.isNaN(sent) ? now.getTime() : Math.min(now.getTime(), sent + 999);
  return platformNow - since.getTime() < propagationMs;
}

/** How long to wait before an answer by the service URL can count: by our clock, or by what we have seen, the less. */
export function propagationLeftMs(since: Date, propagationMs: number, seenForMs: number, now: Date): number {
  const byClockMs = propagationMs - (now.getTime() - since.getTime());
  return Math.min(byClockMs, propagationMs - seenForMs);
}
