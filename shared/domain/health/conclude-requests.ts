import { assertNever } from '../assert-never.ts';
import type { HealthAssessment } from './assess-health.ts';
import type { Baseline, RequestAssessment, RequestPolicy } from './assess-requests.ts';
import type { Comparison } from './compare-with-stable.ts';
import type { HealthFact } from './health-fact.ts';
import { isEarlySlowness } from './short-slowness.ts';

type Breach = Extract<RequestAssessment, { kind: 'breached' }>;

/** How often stable has to answer well, from the look at the breach on. */
const controls = 2;

/**
 * Blamed only where stable was within the limits then, and answers its probe now and once more: what only requests of
 * users show has to be the candidate's alone. The log comes late, so what was seen of stable in its windows counts, too.
 */
export function concludeBreach(breach: Breach, facts: readonly HealthFact[]): HealthAssessment {
  const { failure, detail, baseline } = breach;
  const comparison =
    compareThen(breach, facts) ??
    compare(baseline, facts.slice(facts.findLastIndex((fact) => fact.requests)));
  return comparison
    ? { kind: 'failed', failure, detail, comparison, everyAnswerHard: false }
    : { kind: 'probing' };
}

/** How stable stood while users got the errors; undefined: nothing was seen to be wrong with it. */
function compareThen({ windows }: Breach, facts: readonly HealthFact[]): Comparison | undefined {
  const within = windows.map(({ from, to }) => facts.filter(({ at }) => at >= from && at <= to));
  const failing = within.flat().find(({ stable }) => stable?.kind === 'bad')?.stable;
  if (failing?.kind === 'bad') return { kind: 'stable-bad', detail: failing.detail };
  return within.every((looks) => looks.length > 0) ? undefined : { kind: 'no-baseline' };
}

/** @param since the look at the breach and those after it */
function compare(baseline: Baseline, since: readonly HealthFact[]): Comparison | undefined {
  const startMs = since[0]?.at.getTime() ?? 0;
  if (since[0]?.stable === undefined) return { kind: 'not-compared' };
  const known = since.flatMap(({ at, stable }) =>
    stable === undefined || isEarlySlowness(stable, at.getTime() - startMs) ? [] : [stable],
  );
  const wanting = known.find(({ kind }) => kind !== 'good');
  if (wanting?.kind === 'bad') return { kind: 'stable-bad', detail: wanting.detail };
  if (wanting?.kind === 'unknown') return { kind: 'stable-unreachable', detail: wanting.detail };
  switch (baseline.kind) {
    case 'within':
      return known.length >= controls ? { kind: 'stable-good' } : undefined;
    case 'breached':
      return { kind: 'stable-bad', detail: baseline.detail };
    case 'none':
      return { kind: 'no-baseline' };
    default:
      return assertNever(baseline);
  }
}

/** What users' requests amount to, where every window is in. */
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
