import type { HealthFact } from './health-fact.ts';
import { isHardFault, isSlow, type ProbeOutcome, type UnknownCause } from './probe-outcome.ts';

export interface HealthPolicy {
  /** Good answers in a row that make it healthy. */
  readonly successes: number;
  /** Bad answers in a row after a good one, or hard ones in a row once Ready, that make it failed. */
  readonly failureThreshold: number;
  readonly startupBudgetMs: number;
  /** True: hard faults may be a cold start too, and wait for the budget like all others. */
  readonly patient?: boolean | undefined;
}

/** Where the stable revision stood while the candidate failed. */
export type Comparison =
  | { readonly kind: 'stable-good' }
  | { readonly kind: 'stable-bad'; readonly detail: string }
  | { readonly kind: 'stable-unreachable'; readonly detail: string }
  /** It answers, but how it stood before is not known. */
  | { readonly kind: 'no-baseline' }
  | { readonly kind: 'not-compared' };

export type HealthFailure =
  | 'never-ready'
  | 'flapping'
  | 'request-errors'
  | 'request-latency'
  | Extract<ProbeOutcome, { kind: 'bad' }>['fault'];

export type HealthAssessment =
  | { readonly kind: 'probing' }
  | { readonly kind: 'healthy' /** What was not looked at. */; readonly note?: string }
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
 * What the ticks of a stage amount to. A function of the facts alone: the same documents always give the same
 * answer, whoever asks and whenever.
 *
 * @param facts in the order of `n`
 */
export function assessHealth(facts: readonly HealthFact[], policy: HealthPolicy): HealthAssessment {
  const last = facts.at(-1);
  if (!last) return { kind: 'probing' };
  const state = assessReadiness(last);
  if (state) return state;

  const answers = facts.filter((fact) => fact.counts && fact.candidate !== undefined);
  const trailing = (matches: (outcome: ProbeOutcome) => boolean) => trailingRun(answers, matches);
  const good = trailing((o) => o.kind === 'good');
  if (good >= policy.successes) return assessEdge(answers.slice(-good), policy);
  if (trailing((o) => o.kind === 'unknown') >= policy.failureThreshold) return unknownOf(answers);
  if (!policy.patient && trailing(isHardFault) >= policy.failureThreshold) return failedBy(answers, policy);
  const firstGood = answers.findIndex((fact) => fact.candidate?.kind === 'good');
  if (firstGood >= 0 && trailing((o) => o.kind === 'bad') >= policy.failureThreshold)
    return failedBy(answers, policy);

  // By the clock of the facts alone: the machine that opened the stage may have another.
  const startedMs = facts[0]?.at.getTime() ?? 0;
  if (last.at.getTime() - startedMs < policy.startupBudgetMs) return { kind: 'probing' };
  return assessSpentBudget(answers, firstGood, policy);
}

/** Without traffic, what Cloud Run says settles it; with traffic, users' answers do, so it is probed all the same. */
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
 * The revision itself is healthy; is the way to it? A load balancer, a certificate or a domain that fails is nothing
 * that a rollback would fix.
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

/** The start-up budget is over and no rule above has settled it: what came late, and what keeps changing? */
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
  // One slow answer is no evidence, however late the clock says it is.
  if (answers.filter((fact) => fact.candidate?.kind === 'bad').length < policy.failureThreshold)
    return { kind: 'probing' };
  const failed = failedBy(answers, policy);
  return firstGood >= 0 && failed.kind === 'failed' ? { ...failed, failure: 'flapping' } : failed;
}

function trailingRun(facts: readonly HealthFact[], matches: (outcome: ProbeOutcome) => boolean): number {
  const breaks = facts.findLastIndex((fact) => fact.candidate !== undefined && !matches(fact.candidate));
  return facts.length - 1 - breaks;
}

/** @param answers with a bad one among them; the latest speaks */
export function failedBy(
  answers: readonly HealthFact[],
  { startupBudgetMs }: Pick<HealthPolicy, 'startupBudgetMs'>,
): HealthAssessment {
  if (isStableStarting(answers, startupBudgetMs)) return { kind: 'probing' };
  const bad = answers.findLast((fact) => fact.candidate?.kind === 'bad')?.candidate;
  if (bad?.kind !== 'bad') return { kind: 'unknown', cause: 'mixed', detail: 'no failed probe to judge by' };
  const everyAnswerHard = answers.every(
    (fact) => fact.candidate !== undefined && isHardFault(fact.candidate),
  );
  return {
    kind: 'failed',
    failure: bad.fault,
    detail: bad.detail,
    comparison: compareWithStable(answers),
    everyAnswerHard,
  };
}

function unknownOf(answers: readonly HealthFact[]): HealthAssessment {
  const last = answers.findLast((fact) => fact.candidate?.kind === 'unknown')?.candidate;
  return last?.kind === 'unknown'
    ? { kind: 'unknown', cause: last.cause, detail: last.detail }
    : { kind: 'unknown', cause: 'mixed', detail: 'no probe result to judge by' };
}

/** Stable may sleep at zero instances: while all it did was be slow, and not for long, it is no comparison yet. */
function isStableStarting(answers: readonly HealthFact[], startupBudgetMs: number): boolean {
  const asked = answers.filter((fact) => fact.stable !== undefined);
  const slow = asked.every(({ stable }) => stable?.kind === 'bad' && isSlow(stable.fault));
  const spanMs = (asked.at(-1)?.at.getTime() ?? 0) - (asked[0]?.at.getTime() ?? 0);
  return asked.length > 0 && slow && spanMs < startupBudgetMs;
}

/** The latest answer of stable speaks: its first ones may be a cold start. */
function compareWithStable(answers: readonly HealthFact[]): Comparison {
  const stable = answers.findLast((fact) => fact.candidate?.kind === 'bad')?.stable;
  if (!stable) return { kind: 'not-compared' };
  switch (stable.kind) {
    case 'good':
      return { kind: 'stable-good' };
    case 'bad':
      return { kind: 'stable-bad', detail: stable.detail };
    default:
      return { kind: 'stable-unreachable', detail: stable.detail };
  }
}
