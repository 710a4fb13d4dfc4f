import type { Answer, Difference } from '../../domain/health/classify-response.ts';
import type { Json } from '../../domain/json.ts';
import { missingFrom } from '../../domain/missing-from.ts';
import { hideNamed } from '../../domain/redaction/hide-secrets.ts';
import { excerpt, shortened } from '../../domain/render/excerpt.ts';
import { WorkLimit } from '../../domain/work-limit.ts';
import { durationMs } from '../duration.ts';
import { faultBySchema } from '../json-schema/compile-schema.ts';
import { checkJsonPath } from '../suites/check-json-path.ts';
import { matchesExpression } from '../suites/regular-expression.ts';
import { asksForBody, type Expectation, type Statuses } from './expectation.ts';
import { holdsText } from './holds-text.ts';

const tooLarge = 'the body is larger than 1 MiB';
/** Without the ellipsis. */
const shownLength = 119;

/**
 * The first thing in which an answer is not as expected; undefined: it is in all.
 * @throws {TooExpensiveError} telling takes more steps than are left
 * @throws {Error} a regular expression is none, which a value that was filled in can make it
 */
export function findDifference(
  answer: Answer,
  expect: Expectation,
  limit = new WorkLimit(),
): Difference | undefined {
  return (
    statusDifference(answer, expect.status) ??
    headerDifference(answer, expect) ??
    ofBody(textDifference(answer, expect, limit)) ??
    ofBody(jsonDifference(answer, expect, limit)) ??
    latencyDifference(answer, expect)
  );
}

function ofBody(detail: string | undefined): Difference | undefined {
  return detail === undefined ? undefined : { fault: 'wrong-body', detail };
}

function statusDifference(answer: Answer, expected: Statuses | undefined): Difference | undefined {
  const { status, body } = answer;
  const wanted = expected === undefined ? [] : [expected].flat();
  if (wanted.length === 0 || wanted.some((one) => isStatus(status, one))) return undefined;
  const shown = shortened(body, shownLength);
  const detail = `HTTP ${status}${redirectOf(answer)}, expected ${wanted.join(' or ')}${shown && `: ${shown}`}`;
  return { fault: status >= 500 ? 'server-error' : 'wrong-status', detail };
}

function isStatus(status: number, wanted: number | string): boolean {
  return typeof wanted === 'number' ? status === wanted : String(status).startsWith(wanted.slice(0, 1));
}

/** ` to /login` */
function redirectOf({ status, headers: { location } }: Answer): string {
  return status >= 300 && status < 400 && location !== undefined
    ? ` to ${shortened(location, shownLength)}`
    : '';
}

function headerDifference({ headers }: Answer, expect: Expectation): Difference | undefined {
  for (const [name, value] of Object.entries(expect.headers)) {
    const actual = headers[name.toLowerCase()];
    if (actual === undefined) return { fault: 'wrong-header', detail: `header ${name} is missing` };
    if (actual.toLowerCase() !== value.toLowerCase())
      return {
        fault: 'wrong-header',
        detail: `header ${name} is ${excerpt(hideNamed(name, actual))}, expected ${excerpt(hideNamed(name, value))}`,
      };
  }
  return undefined;
}

function textDifference(
  { body, truncated }: Answer,
  { body: expected }: Expectation,
  limit: WorkLimit,
): string | undefined {
  limit.begin('body');
  if (expected?.contains !== undefined && !holdsText(body, expected.contains, limit))
    return `the body does not contain ${excerpt(expected.contains)}: it is ${excerpt(body)}`;
  // What was cut off may be what must not be there.
  if (expected?.matches !== undefined && truncated) return tooLarge;
  if (expected?.matches !== undefined && !matchesExpression(body, expected.matches, limit))
    return `the body does not match ${excerpt(expected.matches)}: it is ${excerpt(body)}`;
  return undefined;
}

function jsonDifference(answer: Answer, expect: Expectation, limit: WorkLimit): string | undefined {
  const { json, schema } = expect;
  if (!asksForBody({ json, schema })) return undefined;
  const parsed = parseBody(answer);
  if (parsed.kind === 'fault') return parsed.detail;
  try {
    return differenceIn(parsed.value, expect, limit);
  } catch (error) {
    // How deep a body is nested is the service's doing, and no way to make a judge throw.
    if (error instanceof RangeError) return 'the body is nested too deeply to be looked through';
    throw error;
  }
}

function differenceIn(value: Json, { json, schema }: Expectation, limit: WorkLimit): string | undefined {
  if (Array.isArray(json)) {
    for (const condition of json) {
      const detail = checkJsonPath(value, condition, limit);
      if (detail !== undefined) return detail;
    }
  } else if (json !== undefined) {
    const detail = missingFrom(value, json, '$');
    if (detail !== undefined) return detail;
  }
  if (schema === undefined) return undefined;
  limit.begin('the schema');
  const fault = faultBySchema(value, schema, limit);
  return fault && `the body does not match its schema: ${fault}`;
}

function latencyDifference({ latencyMs }: Answer, { latency }: Expectation): Difference | undefined {
  if (latency === undefined || latencyMs <= durationMs(latency)) return undefined;
  return {
    fault: 'too-slow',
    detail: `${Math.round(latencyMs)} ms, expected at most ${durationMs(latency)} ms`,
  };
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
