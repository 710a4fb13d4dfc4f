import { countOf } from '../render/count-of.ts';
import type { Reason } from '../verdict.ts';
import type { HealthFact } from './health-fact.ts';
import type { RequestWindow } from './request-window.ts';

export interface RequestPolicy {
  /** `required`: nothing passes without enough requests. `when-enough`: with fewer requests, probes alone decide. */
  readonly use: 'required' | 'when-enough' | 'off';
  readonly windowMs: number;
  /** How late entries may arrive. */
  readonly lagMs: number;
  /** Fewer requests than this prove nothing. */
  readonly minimum: number;
  /** The highest accepted share of 5xx responses, in percent. */
  readonly maxErrorPercent: number;
  /** Absent: latency is not judged. */
  readonly maxP95Ms?: number | undefined;
  /** Consecutive windows over a limit that make a breach. */
  readonly windows: number;
}

type Counted = Extract<RequestWindow, { kind: 'counted' }>;

/** The judgement on the request log of a stage. */
export type RequestAssessment =
  | {
      readonly kind: 'breached';
      readonly failure: 'request-errors' | 'request-latency';
      readonly detail: string;
      readonly baseline: Baseline;
      /** The looks that read the windows over the limits, in order. */
      readonly breaches: readonly HealthFact[];
    }
  | { readonly kind: 'within' }
  | { readonly kind: 'few'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Over the limits in total, but not in enough consecutive windows. */
  | { readonly kind: 'mixed'; readonly detail: string };

/**
 * The state of the stable revision: in the same windows of a canary, or in the last one before the shift of a watch.
 */
export type Baseline =
  | { readonly kind: 'within' }
  | { readonly kind: 'breached'; readonly detail: string }
  | { readonly kind: 'none' };

export function assessRequests(facts: readonly HealthFact[], policy: RequestPolicy): RequestAssessment {
  const breaches = openBreaches(facts, policy);
  const last = breaches.at(-1)?.requests;
  const breach = last && breachOf(last, policy);
  if (breach && breaches.length >= policy.windows)
    return { kind: 'breached', ...breach, baseline: baselineOf(facts, breaches, policy), breaches };
  return assessTotal(latestByWindow(facts), policy);
}

/**
 * The looks that read the latest consecutive windows over the limits: from the first of them on, stable is probed too.
 */
export function openBreaches(facts: readonly HealthFact[], policy: RequestPolicy): readonly HealthFact[] {
  const read = facts.filter((fact) => fact.requests !== undefined);
  const lastFine = read.findLastIndex(
    ({ requests }) => requests === undefined || breachOf(requests, policy) === undefined,
  );
  return read.slice(lastFine + 1);
}

/** True: stable has users of its own, whose requests were read for the same window. */
export function isComparedByUsers({ requests, stableRequests }: HealthFact): boolean {
  return requests !== undefined && stableRequests?.from.getTime() === requests.from.getTime();
}

/** True: users' requests revealed the fault, so only they can show whether the rollback helped. */
export function isFoundByRequests(reasons: readonly Reason[]): boolean {
  return reasons.some(({ code }) => code === 'request-errors' || code === 'request-latency');
}

/** The limits that one window exceeds, in words; undefined: none, or it contains too few requests. */
export function breachOf(
  window: RequestWindow,
  policy: RequestPolicy,
): { readonly failure: 'request-errors' | 'request-latency'; readonly detail: string } | undefined {
  if (window.kind !== 'counted' || window.requests < policy.minimum || window.requests === 0)
    return undefined;
  const percent = (100 * window.serverErrors) / window.requests;
  if (percent > policy.maxErrorPercent) {
    const detail = `${window.serverErrors} of ${countOf(window.requests, 'user request')} failed with 5xx (${percent.toFixed(1)} %, limit ${policy.maxErrorPercent} %)`;
    return { failure: 'request-errors', detail };
  }
  if (policy.maxP95Ms !== undefined && window.p95Ms !== undefined && window.p95Ms > policy.maxP95Ms) {
    const detail = `the 95th percentile of ${countOf(window.requests, 'user request')} was ${Math.round(window.p95Ms)} ms (limit ${policy.maxP95Ms} ms)`;
    return { failure: 'request-latency', detail };
  }
  return undefined;
}

/** An unreadable window was read again later: the latest reading counts. */
export function latestByWindow(read: readonly HealthFact[]): RequestWindow[] {
  const windows = new Map<number, RequestWindow>();
  for (const { requests } of read) if (requests) windows.set(requests.from.getTime(), requests);
  return [...windows.values()];
}

function assessTotal(windows: readonly RequestWindow[], policy: RequestPolicy): RequestAssessment {
  const unreadable = windows.find((window) => window.kind === 'unreadable');
  if (unreadable?.kind === 'unreadable') return { kind: 'unreadable', detail: unreadable.detail };
  const counted = windows.filter((window): window is Counted => window.kind === 'counted');
  const requests = sum(counted, (window) => window.requests);
  if (requests < policy.minimum || requests === 0)
    return { kind: 'few', detail: `${countOf(requests, 'user request')}, at least ${policy.minimum} needed` };
  const serverErrors = sum(counted, (window) => window.serverErrors);
  const [first] = counted;
  const total: RequestWindow | undefined = first && { ...first, requests, serverErrors, p95Ms: undefined };
  const breach = total && breachOf(total, policy);
  return breach ? { kind: 'mixed', detail: breach.detail } : { kind: 'within' };
}

function sum(windows: readonly Counted[], of: (window: Counted) => number): number {
  return windows.reduce((total, window) => total + of(window), 0);
}

function baselineOf(
  facts: readonly HealthFact[],
  breaches: readonly HealthFact[],
  policy: RequestPolicy,
): Baseline {
  const same = breaches.flatMap(({ stableRequests }) => (stableRequests ? [stableRequests] : []));
  const known =
    same.length > 0
      ? same
      : facts.flatMap(({ stableRequests }) => (stableRequests ? [stableRequests] : [])).slice(-1);
  const breach = known.map((window) => breachOf(window, policy)).find((found) => found !== undefined);
  if (breach) return { kind: 'breached', detail: breach.detail };
  const enough =
    known.length > 0 &&
    known.every((window) => window.kind === 'counted' && window.requests >= policy.minimum);
  return enough ? { kind: 'within' } : { kind: 'none' };
}
