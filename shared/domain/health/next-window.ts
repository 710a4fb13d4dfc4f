import { answersOf } from './answers-of.ts';
import { isComparedByUsers, openBreaches, type RequestPolicy } from './assess-requests.ts';
import type { HealthFact } from './health-fact.ts';

/** How often an unreadable window is tried. */
export const maxReadings = 3;

/**
 * The windows of the request log to read: those that lie wholly within `forMs` since the first response, and more if
 * the last one is over the limits and stable was probed for that reason.
 */
export interface WindowPolicy {
  readonly forMs: number;
  readonly requests: RequestPolicy;
}

/** The next window of the request log to read, once `lagMs` have passed since its end; undefined: none is left. */
export function nextWindow(
  facts: readonly HealthFact[],
  policy: WindowPolicy,
): { readonly from: Date; readonly to: Date; readonly dueAt: Date } | undefined {
  const startMs = answersOf(facts)[0]?.at.getTime();
  const { use, windowMs, lagMs } = policy.requests;
  if (startMs === undefined || use === 'off') return undefined;
  const asked = openBreaches(facts, policy.requests).filter(
    (fact) => fact.stable !== undefined && !isComparedByUsers(fact),
  );
  const fromMs = beginOf(facts, asked) ?? startMs;
  const toMs = fromMs + windowMs;
  // An unreadable window is read again: it was due before.
  const isAgain = facts.some(({ requests }) => requests?.from.getTime() === fromMs);
  if (toMs > startMs + policy.forMs && asked.length === 0 && !isAgain) return undefined;
  return { from: new Date(fromMs), to: new Date(toMs), dueAt: new Date(toMs + lagMs) };
}

/**
 * The start of the next window: after the last one, or the same one again if it was unreadable. The one after a first
 * breach begins when stable was probed: otherwise errors that had ended by then would count twice.
 * @param asked the looks at the latest windows over the limits for which stable was probed
 */
function beginOf(facts: readonly HealthFact[], asked: readonly HealthFact[]): number | undefined {
  const last = facts.findLast((fact) => fact.requests !== undefined);
  if (!last?.requests) return undefined;
  const { kind, from, to } = last.requests;
  const readings = facts.filter(({ requests }) => requests?.from.getTime() === from.getTime());
  if (kind === 'unreadable' && readings.length < maxReadings) return from.getTime();
  return Math.max(to.getTime(), asked.length === 1 ? last.at.getTime() : 0);
}

/** How many windows lie wholly within a soak. */
export function dueWindows({ forMs, requests }: WindowPolicy): number {
  return Math.floor(forMs / requests.windowMs);
}
