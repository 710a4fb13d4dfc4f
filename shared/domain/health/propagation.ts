import type { ProbeAnswer } from './probe-answer.ts';

/**
 * Whether a response from the service URL may be an older revision's: routes change first, traffic follows within
 * `propagationMs`. Our clock may be ahead, so the response's own `Date` (the platform's clock, whole seconds) must
 * agree. A wrong `Date` must not stop the guard, so having observed unchanged routes for long enough also suffices.
 *
 * @param since when the routes changed, by the platform's clock
 * @param seenForMs how long these routes have been observed, by a monotonic clock
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

/** How long until a response from the service URL can count: by our clock or by observation, whichever is shorter. */
export function propagationLeftMs(since: Date, propagationMs: number, seenForMs: number, now: Date): number {
  const byClockMs = propagationMs - (now.getTime() - since.getTime());
  return Math.min(byClockMs, propagationMs - seenForMs);
}
