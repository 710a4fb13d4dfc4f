import { assertNever } from '../assert-never.ts';
import type { Json } from '../json.ts';
import { capText } from '../render/cut-text.ts';
import { oneLine } from '../render/one-line.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import type { Fault, ProbeOutcome } from './probe-outcome.ts';

const shownLength = 120;

/** The expected response. */
export interface Expectation {
  readonly status: number;
  /** Must be contained in the JSON body. */
  readonly json?: Json | undefined;
  /** Required header values, compared case-insensitively. */
  readonly headers: Readonly<Record<string, string>>;
  readonly latencyMs: number;
}

/** Classifies a response: good, bad with its fault, or without information about the revision. */
export function classifyResponse(answer: ProbeAnswer, expect: Expectation): ProbeOutcome {
  if (answer.kind === 'no-answer') return classifySilence(answer);
  const { status, latencyMs } = answer;
  const platform = platformsOwn(answer);
  if (platform) return platform;
  const bad = (fault: Fault, detail: string): ProbeOutcome => ({
    kind: 'bad',
    fault,
    status,
    latencyMs,
    detail,
  });
  if (status !== expect.status) {
    const to = redirectOf(answer);
    const text = `HTTP ${status}${to}, expected ${expect.status}${excerpt(answer.body)}`;
    return bad(status >= 500 ? 'server-error' : 'wrong-status', text);
  }
  const header = Object.entries(expect.headers).find(
    ([name, value]) => answer.headers[name.toLowerCase()]?.toLowerCase() !== value.toLowerCase(),
  );
  if (header) return bad('wrong-header', `header ${header[0]} is not ${header[1]}`);
  if (expect.json !== undefined) {
    const fault = bodyFault(answer, expect.json);
    if (fault !== undefined) return bad('wrong-body', fault);
  }
  if (latencyMs > expect.latencyMs)
    return bad('too-slow', `${Math.round(latencyMs)} ms, expected at most ${expect.latencyMs} ms`);
  return { kind: 'good', status, latencyMs };
}

/** What a missing response says about a revision. */
export function classifySilence(answer: Extract<ProbeAnswer, { kind: 'no-answer' }>): ProbeOutcome {
  const { cause, latencyMs, detail } = answer;
  switch (cause) {
    case 'refused':
    case 'timeout':
      return { kind: 'bad', fault: cause, latencyMs, detail };
    case 'name-resolution':
    case 'tls':
    case 'blocked':
      return { kind: 'unknown', cause, detail };
    case 'no-token':
      return { kind: 'unknown', cause: 'not-allowed', detail };
    default:
      return assertNever(cause);
  }
}

/**
 * Responses of Cloud Run itself, which say nothing about the code behind it; recognised by status and text together.
 */
export function platformsOwn(
  answer: Extract<ProbeAnswer, { kind: 'answer' }>,
): Extract<ProbeOutcome, { kind: 'unknown' }> | undefined {
  const { status } = answer;
  if (isPlatformDenial(answer)) {
    const detail = answer.authenticated
      ? `HTTP ${status} although an ID token was sent: grant roles/run.invoker to the guard's account`
      : `HTTP ${status}: the service is private, and no ID token was sent`;
    return { kind: 'unknown', cause: 'not-allowed', detail };
  }
  if (isPlatformNotFound(answer)) {
    return {
      kind: 'unknown',
      cause: 'platform-not-found',
      detail:
        "the platform's own 404: the tag does not exist yet, ingress is internal, or the default URL is disabled",
    };
  }
  return isOverload(answer)
    ? { kind: 'unknown', cause: 'overload', detail: `HTTP ${status}: no instance was available` }
    : undefined;
}

type Answer = Extract<ProbeAnswer, { kind: 'answer' }>;

/** IAM's page, or a response of IAP in place of the service. */
function isPlatformDenial({ status, body, headers }: Answer): boolean {
  if (status !== 401 && status !== 403) return false;
  const isTold = deniedTexts.some((text) => body.includes(text));
  return isTold || headers['x-goog-iap-generated-response'] !== undefined;
}

const deniedTexts = [
  'Your client does not have permission to ',
  'The request was not authenticated',
  'The request was not authorized to invoke this service',
];

function isOverload({ status, body }: Answer): boolean {
  if (status === 429 && body.includes('Rate exceeded.')) return true;
  const texts = [
    'The request was aborted because there was no available instance',
    'maximum container instance limit',
  ];
  return [429, 500, 503].includes(status) && texts.some((text) => body.includes(text));
}

/** Cloud Run's page for a host that it does not route, as opposed to a 404 of the application. */
export function isPlatformNotFound(answer: ProbeAnswer): boolean {
  return (
    answer.kind === 'answer' &&
    answer.status === 404 &&
    answer.body.includes('The requested URL was not found on this server.')
  );
}

/** ` to /login` */
function redirectOf({ status, headers: { location } }: Answer): string {
  return status >= 300 && status < 400 && location !== undefined
    ? ` to ${capText(oneLine(location), shownLength)}`
    : '';
}

function bodyFault(answer: Answer, expected: Json): string | undefined {
  if (answer.truncated) return 'the body is larger than 1 MiB';
  let body: Json;
  try {
    body = JSON.parse(answer.body) as Json;
  } catch {
    return `the body is not JSON${excerpt(answer.body)}`;
  }
  return missingFrom(body, expected, '$');
}

/** A foreign value, which may be nested too deeply to be printed. */
function show(value: Json | undefined): string {
  try {
    return capText(JSON.stringify(value) ?? 'missing', shownLength);
  } catch {
    return 'nested too deeply to be shown';
  }
}

/** The path of the first difference; undefined when `actual` contains everything in `expected`. */
export function missingFrom(actual: Json | undefined, expected: Json, path: string): string | undefined {
  if (expected === null || typeof expected !== 'object') {
    return actual === expected
      ? undefined
      : `${path} is ${show(actual)}, expected ${JSON.stringify(expected)}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return `${path} is not a list of ${expected.length}`;
    return firstDefined(
      expected.map((item: Json, i) => missingFrom((actual as readonly Json[])[i], item, `${path}[${i}]`)),
    );
  }
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual))
    return `${path} is not an object`;
  const own = new Map(Object.entries(actual));
  return firstDefined(
    Object.entries(expected).map(([key, value]) => missingFrom(own.get(key), value, `${path}.${key}`)),
  );
}

function firstDefined(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined);
}

function excerpt(body: string): string {
  const text = capText(oneLine(body), shownLength);
  return text === '' ? '' : `: ${text}`;
}
