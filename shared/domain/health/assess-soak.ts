import { assertNever } from '../assert-never.ts';
import { type Comparison, failedBy, type HealthAssessment, type HealthPolicy } from './assess-health.ts';
import { assessRequests, type RequestPolicy } from './assess-requests.ts';
import type { HealthFact } from './health-fact.ts';
import { isSlow, type ProbeOutcome } from './probe-outcome.ts';

export interface SoakPolicy {
  /** How long good answers must have been seen. */
  readonly forMs: number;
  readonly health: HealthPolicy;
  readonly requests: RequestPolicy;
  /** A time without a look is not watched: between two good answers at most this much counts. */
  readonly maxGapMs: number;
}

/** Slow answers and time-outs may be a service that is just getting its traffic: they have to last. */
const softSpanMs = 30_000;

/**
 * What a hold amounts to: a step of a canary, or the watch after all traffic has moved. As with health, a function of
 * the facts alone.
 *
 * @param facts in the order of `n`
 */
export function assessSoak(facts: readonly HealthFact[], policy: SoakPolicy): HealthAssessment {
  const last = facts.at(-1);
  if (!last) return { kind: 'probing' };
  const detail = last.readinessDetail ?? last.readiness;
  if (last.readiness === 'gone') return { kind: 'unknown', cause: 'gone', detail };
  if (last.readiness === 'overtaken') return { kind: 'unknown', cause: 'overtaken', detail };
  if (last.readiness === 'moved-away') return { kind: 'unknown', cause: 'traffic-changed', detail };

  const answers = answersOf(facts);
  const { failureThreshold, successes } = policy.health;
  const bad = answers.slice(answers.length - trailing(answers, (outcome) => outcome.kind === 'bad'));
  if (bad.length >= failureThreshold && !isShortSlowness(bad)) return failedBy(bad, policy.health);
  const requests = policy.requests.use === 'off' ? undefined : assessRequests(facts, policy.requests);
  if (requests?.kind === 'breached') return breached(requests, facts);

  const wanted = policy.forMs === 0 ? 1 : successes;
  const over =
    watchedMs(facts, policy.maxGapMs) >= policy.forMs &&
    trailing(answers, (outcome) => outcome.kind === 'good') >= wanted;
  if (!over || windowsLeft(facts, policy) > 0) return { kind: 'probing' };
  if (requests === undefined) return { kind: 'healthy' };
  if (dueWindows(policy) > 0) return concludeRequests(requests, policy.requests);
  if (policy.requests.use !== 'required') return { kind: 'healthy' };
  return {
    kind: 'unknown',
    cause: 'few-requests',
    detail: 'it was observed for less than one window of the request log',
  };
}

function isShortSlowness(bad: readonly HealthFact[]): boolean {
  const soft = bad.every(({ candidate }) => candidate?.kind === 'bad' && isSlow(candidate.fault));
  const spanMs = (bad.at(-1)?.at.getTime() ?? 0) - (bad[0]?.at.getTime() ?? 0);
  return soft && spanMs < softSpanMs;
}

/** For how long good answers were seen: the time between one and the next, without what lay in the dark. */
export function watchedMs(facts: readonly HealthFact[], maxGapMs: number): number {
  const answers = answersOf(facts);
  return answers.reduce((total, fact, n) => {
    const before = answers[n - 1];
    if (before?.candidate?.kind !== 'good' || fact.candidate?.kind !== 'good') return total;
    return total + Math.min(maxGapMs, Math.max(0, fact.at.getTime() - before.at.getTime()));
  }, 0);
}

/** A window whose log could not be read is tried this often. */
const maxReadings = 3;

/** The next window of the request log to read, once `lagMs` have passed since its end; undefined: none is left. */
export function nextWindow(
  facts: readonly HealthFact[],
  policy: Pick<SoakPolicy, 'forMs' | 'requests'>,
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
function dueWindows({ forMs, requests }: Pick<SoakPolicy, 'forMs' | 'requests'>): number {
  return Math.floor(forMs / requests.windowMs);
}

function windowsLeft(facts: readonly HealthFact[], policy: SoakPolicy): number {
  return nextWindow(facts, policy) === undefined ? 0 : 1;
}

function answersOf(facts: readonly HealthFact[]): HealthFact[] {
  return facts.filter((fact) => fact.counts && fact.candidate !== undefined);
}

function trailing(answers: readonly HealthFact[], matches: (outcome: ProbeOutcome) => boolean): number {
  const breaks = answers.findLastIndex((fact) => fact.candidate !== undefined && !matches(fact.candidate));
  return answers.length - 1 - breaks;
}

type Requests = ReturnType<typeof assessRequests>;

/** Blamed only where stable was within the limits then, and answers its probe now. */
function breached(
  { failure, detail, baseline }: Extract<Requests, { kind: 'breached' }>,
  facts: readonly HealthFact[],
): HealthAssessment {
  return {
    kind: 'failed',
    failure,
    detail,
    comparison: compare(baseline, facts.at(-1)?.stable),
    everyAnswerHard: false,
  };
}

function compare(
  baseline: Extract<Requests, { kind: 'breached' }>['baseline'],
  stable: ProbeOutcome | undefined,
): Comparison {
  if (stable === undefined) return { kind: 'not-compared' };
  if (stable.kind === 'bad') return { kind: 'stable-bad', detail: stable.detail };
  if (stable.kind === 'unknown') return { kind: 'stable-unreachable', detail: stable.detail };
  switch (baseline.kind) {
    case 'within':
      return { kind: 'stable-good' };
    case 'breached':
      return { kind: 'stable-bad', detail: baseline.detail };
    case 'none':
      return { kind: 'no-baseline' };
    default:
      return assertNever(baseline);
  }
}

function concludeRequests(
  requests: Exclude<Requests, { kind: 'breached' }>,
  { use }: RequestPolicy,
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
