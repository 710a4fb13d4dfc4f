import { answersOf, trailing } from './answers-of.ts';
import { type Comparison, compareWithStable } from './compare-with-stable.ts';
import type { HealthFact } from './health-fact.ts';
import { isHardFault, isSlow, type ProbeOutcome, type UnknownCause } from './probe-outcome.ts';

export interface HealthPolicy {
  /** Consecutive good responses that make it healthy. */
  readonly successes: number;
  /** Consecutive bad responses after a good one, or consecutive hard faults once Ready, that make it failed. */
  readonly failureThreshold: number;
  readonly startupBudgetMs: number;
  /** How long after the first look hard faults may be a warm-up. */
  readonly startupGraceMs: number;
  /** How long it may give the same wrong response while stable does not give it. */
  readonly wrongForMs: number;
  /** True: no user gets its responses, so hard faults wait for the whole budget. */
  readonly waitsWithoutUsers?: boolean | undefined;
  /** The highest accepted share of bad responses, however they are spread. */
  readonly badSharePercent: number;
  /** True: hard faults may also be a cold start, and wait for the budget like all others. */
  readonly patient?: boolean | undefined;
}

export type HealthFailure =
  | 'never-ready'
  | 'flapping'
  | 'request-errors'
  | 'request-latency'
  | 'regression'
  | Extract<ProbeOutcome, { kind: 'bad' }>['fault'];

export type HealthAssessment =
  | { readonly kind: 'probing' }
  | { readonly kind: 'healthy' /** What else was looked at, or was not. */; readonly note?: string }
  | {
      readonly kind: 'failed';
      readonly failure: HealthFailure;
      readonly detail: string;
      readonly comparison: Comparison;
      readonly everyAnswerHard: boolean;
    }
  | {
      readonly kind: 'unknown';
      readonly cause:
        | UnknownCause
        | 'traffic-changed'
        | 'overtaken'
        | 'gone'
        | 'mixed'
        | 'edge'
        | 'few-requests'
        | 'request-log'
        | 'request-errors';
      readonly detail: string;
    };

/**
 * Judges the ticks of a stage. A function of the facts alone: the same documents always give the same result, in any
 * process and at any time.
 *
 * @param facts in the order of `n`
 */
export function assessHealth(facts: readonly HealthFact[], policy: HealthPolicy): HealthAssessment {
  const last = facts.at(-1);
  if (!last) return { kind: 'probing' };
  const state = assessReadiness(last);
  if (state) return state;

  const answers = answersOf(facts);
  const seen = (matches: (outcome: ProbeOutcome) => boolean) => trailing(answers, matches).length;
  const good = seen((o) => o.kind === 'good');
  if (good >= policy.successes) return assessEdge(answers.slice(-good), policy);
  if (seen((o) => o.kind === 'unknown') >= policy.failureThreshold) return unknownOf(answers);
  if (!policy.patient && !mayBeStarting(facts, policy) && seen(isHardFault) >= policy.failureThreshold)
    return failedBy(answers, policy);
  const firstGood = answers.findIndex((fact) => fact.candidate?.kind === 'good');
  if (firstGood >= 0 && seen((o) => o.kind === 'bad') >= policy.failureThreshold)
    return failedBy(answers, policy);
  if (!isBudgetSpent(facts, policy)) return assessSteady(answers, policy);
  return assessSpentBudget(answers, firstGood, policy);
}

/** True: nobody has its responses, or the user has given it the time. */
function mayBeStarting(facts: readonly HealthFact[], policy: HealthPolicy): boolean {
  const unused = policy.waitsWithoutUsers === true && facts.at(-1)?.share === 0;
  return unused || ageMs(facts) < policy.startupGraceMs;
}

/** Longer than most limits of a rate last, and short beside a start-up budget. */
const longestRetryAfterMs = 30_000;

/**
 * How long the next look has to wait because the service asked for it. A limit of the rate may be met by the looks alone;
 * a 503 that users get is no reason to wait.
 */
export function retryAfterMs(facts: readonly HealthFact[], policy: HealthPolicy): number {
  const candidate = facts.at(-1)?.candidate;
  if (candidate?.kind !== 'bad' || candidate.retryAfterMs === undefined) return 0;
  const isHeeded = candidate.status === 429 || mayBeStarting(facts, policy);
  return isHeeded ? Math.min(candidate.retryAfterMs, longestRetryAfterMs) : 0;
}

/** The same wrong response for so long is not part of a start-up, if stable does not give it. */
function assessSteady(answers: readonly HealthFact[], policy: HealthPolicy): HealthAssessment {
  const latest = answers.at(-1)?.candidate;
  const same = trailing(
    answers,
    (outcome) =>
      outcome.kind === 'bad' &&
      latest?.kind === 'bad' &&
      outcome.fault === latest.fault &&
      !isSlow(outcome.fault) &&
      !isHardFault(outcome),
  );
  if (same.length < policy.failureThreshold || ageMs(same) < policy.wrongForMs) return { kind: 'probing' };
  const failed = failedBy(same, policy);
  const isOwn = failed.kind === 'failed' && failed.comparison.kind === 'stable-good';
  return isOwn ? failed : { kind: 'probing' };
}

/** By the clock of the facts alone: the machine that opened the stage may have a different time. */
function ageMs(facts: readonly HealthFact[]): number {
  return (facts.at(-1)?.at.getTime() ?? 0) - (facts[0]?.at.getTime() ?? 0);
}

export function isBudgetSpent(
  facts: readonly HealthFact[],
  { startupBudgetMs }: Pick<HealthPolicy, 'startupBudgetMs'>,
): boolean {
  return ageMs(facts) >= startupBudgetMs;
}

/** Without traffic, Cloud Run's own condition settles it; with traffic, users' responses do, so it is probed anyway. */
function assessReadiness(last: HealthFact): HealthAssessment | undefined {
  const detail = last.readinessDetail ?? last.readiness;
  if (last.readiness === 'gone') return { kind: 'unknown', cause: 'gone', detail };
  if (last.readiness === 'moved-away') return { kind: 'unknown', cause: 'traffic-changed', detail };
  if (last.readiness !== 'failed' || last.candidate !== undefined) return undefined;
  return {
    kind: 'failed',
    failure: 'never-ready',
    detail,
    comparison: { kind: 'not-compared' },
    everyAnswerHard: false,
  };
}

/**
 * The revision itself is healthy, but the path to it may not be: a rollback would not fix a load balancer, a
 * certificate or a domain.
 * @param good the latest answers, good ones only
 */
function assessEdge(good: readonly HealthFact[], policy: HealthPolicy): HealthAssessment {
  const clear =
    good.length - 1 - good.findLastIndex((fact) => fact.edge !== undefined && fact.edge.kind !== 'good');
  if (clear >= policy.successes) return { kind: 'healthy' };
  const last = good.at(-1)?.edge;
  const failing =
    good.length - 1 - good.findLastIndex((fact) => fact.edge === undefined || fact.edge.kind === 'good');
  if (
    failing < Math.max(policy.successes, policy.failureThreshold) ||
    last === undefined ||
    last.kind === 'good'
  )
    return { kind: 'probing' };
  return {
    kind: 'unknown',
    cause: 'edge',
    detail: `the revision responds, but not through its URLs: ${last.detail}`,
  };
}

/**
 * The start-up budget is over and no rule above has settled it: the last response came late, or the responses keep
 * changing.
 */
function assessSpentBudget(
  answers: readonly HealthFact[],
  firstGood: number,
  policy: HealthPolicy,
): HealthAssessment {
  if (answers.length === 0)
    return {
      kind: 'unknown',
      cause: 'unreachable',
      detail: 'no response that counts within the start-up budget',
    };
  const sinceGood = firstGood >= 0 ? answers.slice(firstGood) : answers;
  if (firstGood >= 0 && sinceGood.every((fact) => fact.candidate?.kind === 'good'))
    return { kind: 'probing' };
  if (sinceGood.some((fact) => fact.candidate?.kind === 'unknown')) return unknownOf(answers);
  // One slow response is no evidence, however late the clock says it is.
  if (answers.filter((fact) => fact.candidate?.kind === 'bad').length < policy.failureThreshold)
    return { kind: 'probing' };
  const failed = failedBy(answers, policy);
  return firstGood >= 0 && failed.kind === 'failed' ? { ...failed, failure: 'flapping' } : failed;
}

/** @param answers that made it failed; the latest one provides the reason */
export function failedBy(
  answers: readonly HealthFact[],
  { failureThreshold }: Pick<HealthPolicy, 'failureThreshold'>,
): HealthAssessment {
  const bad = answers.filter(({ candidate }) => candidate?.kind === 'bad');
  const latest = bad.at(-1)?.candidate;
  const comparison = compareWithStable(bad, failureThreshold);
  if (latest?.kind !== 'bad' || !comparison) return { kind: 'probing' };
  const everyAnswerHard = answers.every(({ candidate }) => candidate && isHardFault(candidate));
  return { kind: 'failed', failure: latest.fault, detail: latest.detail, comparison, everyAnswerHard };
}

function unknownOf(answers: readonly HealthFact[]): HealthAssessment {
  const last = answers.findLast((fact) => fact.candidate?.kind === 'unknown')?.candidate;
  return last?.kind === 'unknown'
    ? { kind: 'unknown', cause: last.cause, detail: last.detail }
    : { kind: 'unknown', cause: 'mixed', detail: 'no probe result to judge by' };
}
