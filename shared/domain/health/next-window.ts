import { answersOf } from './answers-of.ts';
import type { RequestPolicy } from './assess-requests.ts';
import type { HealthFact } from './health-fact.ts';

/** A window whose log could not be read is tried this often. */
export const maxReadings = 3;

/** What of the request log is to be read: the windows that lie wholly within `forMs` since the first answer. */
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
  for (let n = 0; n < dueWindows(policy); n++) {
    const from = new Date(startMs + n * windowMs);
    const readings = facts.flatMap(({ requests }) =>
      requests?.from.getTime() === from.getTime() ? [requests] : [],
    );
    if (readings.length >= maxReadings || readings.some((reading) => reading.kind === 'counted')) continue;
    const to = new Date(from.getTime() + windowMs);
    return { from, to, dueAt: new Date(to.getTime() + lagMs) };
  }
  return undefined;
}

/** How many windows lie wholly within a hold. */
export function dueWindows({ forMs, requests }: WindowPolicy): number {
  return Math.floor(forMs / requests.windowMs);
}
