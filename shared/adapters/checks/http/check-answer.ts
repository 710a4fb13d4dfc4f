import { durationMs } from '../../../contracts/duration.ts';
import { checkJsonPath } from '../../../contracts/suites/check-json-path.ts';
import type { HttpExpectation } from '../../../contracts/suites/http-suite.ts';
import { compileSchema } from '../../../contracts/suites/json-schema.ts';
import { matchesExpression } from '../../../contracts/suites/regular-expression.ts';
import type { Json } from '../../../domain/json.ts';
import { excerpt } from '../../../domain/render/excerpt.ts';
import type { ProbeAnswer } from '../../../ports/prober.ts';

type Answer = Extract<ProbeAnswer, { kind: 'answer' }>;

const tooLarge = 'the body is larger than 1 MiB';

/** Describes the first unmet expectation; undefined: all are met. The caller checks the status. */
export function checkAnswer(answer: Answer, expect: HttpExpectation): string | undefined {
  return (
    checkHeaders(answer, expect) ??
    checkText(answer, expect) ??
    checkJson(answer, expect) ??
    checkLatency(answer, expect)
  );
}

/** True: the status is one of those that are expected. */
export function isExpectedStatus(status: number, expected: HttpExpectation['status']): boolean {
  if (expected === undefined) return status >= 200 && status < 300;
  return typeof expected === 'number' ? status === expected : expected.includes(status);
}

export function describeStatus(expected: HttpExpectation['status']): string {
  if (expected === undefined) return '2xx';
  return typeof expected === 'number' ? String(expected) : expected.join(' or ');
}

function checkHeaders({ headers }: Answer, expect: HttpExpectation): string | undefined {
  for (const [name, value] of Object.entries(expect.headers)) {
    const actual = headers[name.toLowerCase()];
    if (actual === undefined) return `header ${name} is missing`;
    if (actual.toLowerCase() !== value.toLowerCase())
      return `header ${name} is ${excerpt(actual)}, expected ${excerpt(value)}`;
  }
  return undefined;
}

function checkText({ body, truncated }: Answer, { body: expected }: HttpExpectation): string | undefined {
  if (expected?.contains !== undefined && !body.includes(expected.contains))
    return `the body does not contain ${excerpt(expected.contains)}: it is ${excerpt(body)}`;
  // The part that was cut off may contain the forbidden text.
  if (expected?.matches !== undefined && truncated) return tooLarge;
  if (expected?.matches !== undefined && !matchesExpression(body, expected.matches))
    return `the body does not match ${excerpt(expected.matches)}: it is ${excerpt(body)}`;
  return undefined;
}

function checkJson(answer: Answer, { json, schema }: HttpExpectation): string | undefined {
  if (json.length === 0 && schema === undefined) return undefined;
  const parsed = parseBody(answer);
  if (parsed.kind === 'fault') return parsed.detail;
  for (const expectation of json) {
    const fault = checkJsonPath(parsed.value, expectation);
    if (fault !== undefined) return fault;
  }
  return schema === undefined ? undefined : checkSchema(parsed.value, schema);
}

type Parsed =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'fault'; readonly detail: string };

/** The body of an answer as JSON. */
export function parseBody({ body, truncated }: Answer): Parsed {
  if (truncated) return { kind: 'fault', detail: tooLarge };
  try {
    return { kind: 'json', value: JSON.parse(body) as Json };
  } catch {
    return { kind: 'fault', detail: `the body is not JSON: it is ${excerpt(body)}` };
  }
}

function checkSchema(value: Json, schema: NonNullable<HttpExpectation['schema']>): string | undefined {
  const validate = compileSchema(schema);
  if (validate(value)) return undefined;
  const [first] = validate.errors ?? [];
  return `the body does not match its schema: ${first?.instancePath || 'it'} ${first?.message ?? 'is wrong'}`;
}

function checkLatency({ latencyMs }: Answer, { latency }: HttpExpectation): string | undefined {
  if (latency === undefined || latencyMs <= durationMs(latency)) return undefined;
  return `it took ${Math.round(latencyMs)} ms, expected at most ${latency}`;
}
