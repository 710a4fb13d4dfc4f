import { describeError } from '../../domain/errors.ts';
import { type Answer, classifyResponse } from '../../domain/health/classify-response.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { TooExpensiveError, WorkLimit } from '../../domain/work-limit.ts';
import type { ServiceConfig } from '../config.ts';
import { fillInAll } from '../suites/references.ts';
import { type BuildValues, buildVariablesIn, whyUnfilled } from './build-variables.ts';
import type { Expectation } from './expectation.ts';
import { findDifference } from './find-difference.ts';
import { sendableHeaders } from './header.ts';

/**
 * What becomes of conditions that name a build. `judged`: where its values are not known, an answer that is as expected
 * otherwise says nothing. `where-known`: those are left out. `left-out`: all are.
 */
export type BuildConditions = 'judged' | 'where-known' | 'left-out';

type Health = Pick<ServiceConfig['health'], 'method' | 'headers' | 'expect' | 'warn'>;

/** One question of the health probe to one revision. */
export interface HealthQuestion {
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  /** Never throws. */
  judge(answer: ProbeAnswer): ProbeOutcome;
}

/** @returns the outcome where the question cannot be put: a value that has to be sent is not known */
export function healthQuestion(
  health: Health,
  build: BuildValues,
  conditions: BuildConditions,
): HealthQuestion | Extract<ProbeOutcome, { kind: 'unknown' }> {
  const unsent = whyUnfilled(health.headers, build);
  if (unsent !== undefined) return notKnown(`health.headers: ${unsent}`);
  const headers = sendableHeaders(fillInAll(health.headers, build.values));
  return {
    method: health.method,
    headers,
    judge: (answer) => {
      const limit = new WorkLimit();
      const outcome = judgeSafely(answer, health, build, conditions, limit);
      if (outcome.kind !== 'good' || answer.kind !== 'answer' || !health.warn) return outcome;
      const told = [outcome.warning, degradedBy(answer, health.warn, build, limit)].filter(
        (text) => text !== undefined,
      );
      return told.length > 0 ? { ...outcome, warning: told.join('; ') } : outcome;
    },
  };
}

function judgeSafely(...given: Parameters<typeof judge>): ProbeOutcome {
  const [answer] = given;
  try {
    return judge(...given);
  } catch (error) {
    if (error instanceof TooExpensiveError)
      return { kind: 'unknown', cause: 'too-expensive', detail: error.message };
    const detail = `the response cannot be judged: ${describeError(error)}`;
    // Something in it is beyond the judge: as wrong as any other response, and compared like it.
    return answer.kind === 'answer'
      ? { kind: 'bad', fault: 'wrong-body', status: answer.status, latencyMs: answer.latencyMs, detail }
      : notKnown(detail);
  }
}

/** What is told of a good answer, and changes nothing. A condition that cannot be filled in says nothing. */
function degradedBy(
  answer: Answer,
  warn: Expectation,
  build: BuildValues,
  limit: WorkLimit,
): string | undefined {
  try {
    const expected = without(warn, (name) => !build.values.has(name));
    return findDifference(answer, fillInAll(expected, build.values), limit)?.detail;
  } catch (error) {
    return `health.warn cannot be judged: ${describeError(error)}`;
  }
}

/**
 * Conditions that need the build come last: what stable fails in too has to be known first, and only then whether it
 * is the build that was deployed.
 */
function judge(
  answer: ProbeAnswer,
  { expect }: Health,
  build: BuildValues,
  conditions: BuildConditions,
  limit: WorkLimit,
): ProbeOutcome {
  const isMissing = (name: string) => !build.values.has(name);
  const ofAnyBuild = (name: string) => name !== 'REVISION' || isMissing(name);
  const atLeast = classify(answer, without(expect, ofAnyBuild), build, limit);
  if (atLeast.kind !== 'good' || conditions === 'left-out') return atLeast;
  if (buildVariablesIn(expect).length === 0) return atLeast;
  const known = classify(answer, without(expect, isMissing), build, limit);
  if (known.kind === 'bad') return { ...known, ofBuild: true };
  const why = whyUnfilled(expect, build);
  return why === undefined || conditions === 'where-known'
    ? known
    : notKnown(`${why}; all else is as expected`);
}

function classify(
  answer: ProbeAnswer,
  expect: Expectation,
  { values }: BuildValues,
  limit: WorkLimit,
): ProbeOutcome {
  const filled = fillInAll(expect, values);
  return classifyResponse(answer, (given) => findDifference(given, filled, limit));
}

function notKnown(detail: string): Extract<ProbeOutcome, { kind: 'unknown' }> {
  return { kind: 'unknown', cause: 'no-value', detail };
}

/** What is left of an expectation without the conditions that name an open build variable. */
function without(expect: Expectation, isOpen: (name: string) => boolean): Expectation {
  const isLeft = (value: unknown) => !buildVariablesIn(value).some(isOpen);
  const { headers, json, schema, body, ...rest } = expect;
  return {
    ...rest,
    headers: leftOf(headers, isLeft),
    json: Array.isArray(json) ? json.filter(isLeft) : leftOf(json, isLeft),
    schema: isLeft(schema) ? schema : undefined,
    body: leftOf(body, isLeft),
  };
}

/** Maps lose what is open in them; a list is equal as a whole, or not at all. */
function leftOf<T>(value: T, isLeft: (value: unknown) => boolean): T;
function leftOf(value: unknown, isLeft: (value: unknown) => boolean): unknown {
  if (isLeft(value)) return value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const left = leftOf(inner, isLeft);
      return left === undefined ? [] : [[key, left]];
    }),
  );
}
