import { assertNever } from '../assert-never.ts';
import type { HealthAssessment } from './assess-health.ts';
import { isComparedByUsers, type RequestAssessment, type RequestPolicy } from './assess-requests.ts';
import type { Comparison } from './compare-with-stable.ts';
import type { HealthFact } from './health-fact.ts';
import { isEarlySlowness } from './short-slowness.ts';

type Breach = Extract<RequestAssessment, { kind: 'breached' }>;

/**
 * Counts errors that only users see against the candidate only if stable was within the limits before, and answers its
 * probe well while users get the errors: the fault must be the candidate's alone, and must not have ended before stable
 * was probed.
 */
export function concludeBreach(breach: Breach, facts: readonly HealthFact[]): HealthAssessment {
  const { failure, detail } = breach;
  const comparison = compare(breach, facts);
  return comparison
    ? { kind: 'failed', failure, detail, comparison, everyAnswerHard: false }
    : { kind: 'probing' };
}

/** The state of stable while users got the errors, and since then; undefined: not known yet. */
function compare({ baseline, breaches }: Breach, facts: readonly HealthFact[]): Comparison | undefined {
  const [first, last] = [breaches[0], breaches.at(-1)];
  if (!first?.requests || !last?.requests) return { kind: 'not-compared' };
  const since = facts.filter(({ at }) => at >= (first.requests?.from ?? first.at));
  const known = since.flatMap(({ at, candidate, stable }) => {
    // Stable may be starting, while the candidate already responds.
    const isStarting = at >= first.at && isEarlySlowness(stable, at.getTime() - first.at.getTime());
    return stable === undefined || (isStarting && candidate?.kind === 'good') ? [] : [stable];
  });
  const wanting = known.find(({ kind }) => kind !== 'good');
  if (wanting?.kind === 'bad') return { kind: 'stable-bad', detail: wanting.detail };
  if (!breaches.every((fact) => wasLookedAt(fact, facts))) return { kind: 'no-baseline' };
  if (first.stable === undefined) return { kind: 'not-compared' };
  if (wanting?.kind === 'unknown') return { kind: 'stable-unreachable', detail: wanting.detail };
  switch (baseline.kind) {
    case 'within':
      return isOngoing(first, last, facts) ? { kind: 'stable-good' } : undefined;
    case 'breached':
      return { kind: 'stable-bad', detail: baseline.detail };
    case 'none':
      return { kind: 'no-baseline' };
    default:
      return assertNever(baseline);
  }
}

/** True: there was a look within the window that another look has read. */
function wasLookedAt({ requests }: HealthFact, facts: readonly HealthFact[]): boolean {
  return facts.some(({ at }) => requests !== undefined && at >= requests.from && at <= requests.to);
}

/** How often stable must be probed within the window that counts against the candidate. */
const controls = 2;

/** True: users got errors in a window in which stable was probed, or had users of its own. */
function isOngoing(first: HealthFact, last: HealthFact, facts: readonly HealthFact[]): boolean {
  const { requests } = last;
  if (!requests || isComparedByUsers(last)) return requests !== undefined;
  const asked = facts.filter(
    ({ at, stable }) => stable !== undefined && at > requests.from && at <= requests.to,
  );
  return requests.from >= first.at && asked.length >= controls;
}

/** Judges users' requests once every window has been read. */
export function concludeRequests(
  requests: Exclude<RequestAssessment, Breach>,
  { use }: Pick<RequestPolicy, 'use'>,
): HealthAssessment {
  switch (requests.kind) {
    case 'within':
      return { kind: 'healthy' };
    case 'few':
      if (use !== 'required') return { kind: 'healthy', note: `judged by probes alone: ${requests.detail}` };
      return { kind: 'unknown', cause: 'few-requests', detail: requests.detail };
    case 'unreadable':
      return { kind: 'unknown', cause: 'request-log', detail: requests.detail };
    case 'mixed':
      return {
        kind: 'unknown',
        cause: 'request-errors',
        detail: `${requests.detail}, but not in enough consecutive windows`,
      };
    default:
      return assertNever(requests);
  }
}
