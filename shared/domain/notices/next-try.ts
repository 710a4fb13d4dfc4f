/** How long delivery is tried. Far longer than any outage of the other side so far. */
const longestMs = 3 * 24 * 3_600_000;
const firstPauseMs = 30_000;
const longestPauseMs = 30 * 60_000;
/** The less important wait so much longer each, so that what counts goes first when a limit ends. */
const rankPauseMs = 8_000;

/** A delivery that failed for a reason that may go away. */
export interface FailedTry {
  /** How many have failed in a row, this one included. */
  readonly tries: number;
  /** What the other side asked for; undefined: it named no time. */
  readonly retryAfterMs: number | undefined;
  readonly importance: number;
  readonly createdAt: Date;
  readonly now: Date;
}

/** When to try again; undefined: it was tried long enough. */
export function nextTry({ tries, retryAfterMs, importance, createdAt, now }: FailedTry): Date | undefined {
  if (now.getTime() - createdAt.getTime() >= longestMs) return undefined;
  const backoffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(16, tries - 1));
  // Whoever names a time knows: neither sooner nor much later.
  const pauseMs = retryAfterMs ?? backoffMs;
  return new Date(now.getTime() + pauseMs + importance * rankPauseMs);
}
