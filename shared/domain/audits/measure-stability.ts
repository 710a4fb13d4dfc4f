import { answersOf } from '../health/answers-of.ts';
import { latestByWindow } from '../health/assess-requests.ts';
import type { HealthFact } from '../health/health-fact.ts';
import type { RequestWindow } from '../health/request-window.ts';
import { percentile95 } from '../percentile95.ts';
import type { Incidents } from './count-incidents.ts';

/** Answers of one kind: to users, or to the guard's own probes. */
export interface Answers {
  readonly count: number;
  readonly bad: number;
  /** Absent: no answer has a latency. */
  readonly p95Ms?: number | undefined;
}

/** What was observed of a revision while it had users, in numbers that another run can be compared with. */
export interface StabilityMeasures {
  /** Absent: a window of the request log could not be read. */
  readonly requests?: Answers | undefined;
  readonly probes: Answers;
  /** Absent: the logs are not known. */
  readonly incidents?: Incidents | undefined;
}

/**
 * The answers in the steps of a canary and in the watch.
 * @param facts of these stages alone, in the order of time
 */
export function measureAnswers(facts: readonly HealthFact[]): Pick<StabilityMeasures, 'requests' | 'probes'> {
  return { requests: answersIn(latestByWindow(facts)), probes: probesIn(facts) };
}

/** The answers of stable to its users: in the same windows, or in the last one before the shift. */
export function measureStable(facts: readonly HealthFact[]): Pick<StabilityMeasures, 'requests'> {
  const own = facts.map((fact) => ({ ...fact, requests: fact.stableRequests }));
  return { requests: answersIn(latestByWindow(own)) };
}

/** Undefined: a window could not be read. */
function answersIn(windows: readonly RequestWindow[]): Answers | undefined {
  const counted = windows.filter((window) => window.kind === 'counted');
  if (counted.length < windows.length) return undefined;
  const timed = counted.filter(({ p95Ms }) => p95Ms !== undefined);
  const weight = sum(timed.map(({ requests }) => requests));
  const p95Ms = sum(timed.map(({ requests, p95Ms: ms = 0 }) => requests * ms)) / weight;
  return {
    count: sum(counted.map(({ requests }) => requests)),
    bad: sum(counted.map(({ serverErrors }) => serverErrors)),
    ...(weight > 0 && { p95Ms }),
  };
}

/** A look that says nothing of the revision is no answer. */
function probesIn(facts: readonly HealthFact[]): Answers {
  const answers = answersOf(facts).flatMap(({ candidate }) =>
    candidate === undefined || candidate.kind === 'unknown' ? [] : [candidate],
  );
  const p95Ms = percentile95(answers.map(({ latencyMs }) => latencyMs));
  return {
    count: answers.length,
    bad: answers.filter(({ kind }) => kind === 'bad').length,
    ...(p95Ms !== undefined && { p95Ms }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
