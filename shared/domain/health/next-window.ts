import { answersOf } from './answers-of.ts';
import { isComparedByUsers, openBreaches, type RequestPolicy } from './assess-requests.ts';
import type { HealthFact } from './health-fact.ts';

/** A window whose log could not be read is tried this often. */
export const maxReadings = 3;

/**
 * What of the request log is to be read: the windows that lie wholly within `forMs` since the first answer, and more
 * where the last one is over the limits and stable was asked for that.
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
  // One that could not be read was asked for before that.
  const isAgain = facts.some(({ requests }) => requests?.from.getTime() === fromMs);
  if (toMs > startMs + policy.forMs && asked.length === 0 && !isAgain) return undefined;
  return { from: new Date(fromMs), to: new Date(toMs), dueAt: new Date(toMs + lagMs) };
}

/**
 * Where the next window begins: behind the last one, or there again if that could not be read. The one after a first
 * breach begins when stable was asked: what is over by then would count twice.
 * @param asked the looks at the latest windows over the limits that had stable asked
 */
function beginOf(facts: readonly HealthFact[], asked: readonly HealthFact[]): number | undefined {
  const last = facts.findLast((fact) => fact.requests !== undefined);
  if (!last?.requests) return undefined;
  const { kind, from, to } = last.requests;
  const readings = facts.filter(({ requests }) => requests?.from.getTime() === from.getTime());
  if (kind === 'unreadable' && readings.length < maxReadings) return from.getTime();
  return Math.max(to.getTime(), asked.length === 1 ? last.at.getTime() : 0);
}

/** How many windows lie wholly within a hold. */
export function dueWindows({ forMs, requests }: WindowPolicy): number {
  return Math.floor(forMs / requests.windowMs);
}
