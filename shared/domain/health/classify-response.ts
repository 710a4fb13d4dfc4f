import { assertNever } from '../assert-never.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import type { Fault, ProbeOutcome } from './probe-outcome.ts';

/** An answer, before anybody judges it. */
export type Answer = Extract<ProbeAnswer, { kind: 'answer' }>;

/** In what an answer is not as expected. */
export interface Difference {
  readonly fault: Fault;
  readonly detail: string;
}

/**
 * Tells what an answer says of the revision: good, bad with its fault, or nothing at all.
 * @param find the first thing in which an answer of the service is not as expected; undefined: it is in all
 */
export function classifyResponse(
  answer: ProbeAnswer,
  find: (answer: Answer) => Difference | undefined,
): ProbeOutcome {
  if (answer.kind === 'no-answer') return classifySilence(answer);
  const platform = platformsOwn(answer);
  if (platform) return platform;
  const { status, latencyMs } = answer;
  const difference = find(answer);
  return difference
    ? { kind: 'bad', ...difference, status, latencyMs, ...retryAfterOf(answer) }
    : { kind: 'good', status, latencyMs };
}

/** `Retry-After` in seconds; a date would have to be compared with a clock that is not ours. */
function retryAfterOf({ status, headers }: Answer): { readonly retryAfterMs?: number } {
  const seconds = /^\d{1,6}$/.exec(headers['retry-after']?.trim() ?? '')?.[0];
  const isWait = status === 429 || status === 503;
  return isWait && seconds !== undefined ? { retryAfterMs: Number(seconds) * 1000 } : {};
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
export function platformsOwn(answer: Answer): Extract<ProbeOutcome, { kind: 'unknown' }> | undefined {
  const { status } = answer;
  if (isIapAnswer(answer)) {
    const detail = answer.authenticated
      ? `Identity-Aware Proxy answered HTTP ${status} although an ID token was sent: grant roles/iap.httpsResourceAccessor to the guard's account, and compare iapAudience with the proxy's OAuth client`
      : `Identity-Aware Proxy answered HTTP ${status}, and no ID token was sent to it: set iapAudience for this URL, and grant roles/iap.httpsResourceAccessor to the guard's account`;
    return { kind: 'unknown', cause: 'not-allowed', detail };
  }
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

/** True: Cloud Run itself answers with this status, too. */
export function mayBePlatforms(status: number): boolean {
  return [401, 403, 404, 429, 500, 503].includes(status);
}

/** What IAP answers in the service's place: a refusal, or the way to a person's login. */
function isIapAnswer({ status, headers }: Answer): boolean {
  if (headers['x-goog-iap-generated-response'] === undefined) return false;
  const isLogin = status === 302 && URL.parse(headers.location ?? '')?.host === 'accounts.google.com';
  return isLogin || status === 401 || status === 403;
}

/** IAM's page. */
function isPlatformDenial({ status, body }: Answer): boolean {
  return (status === 401 || status === 403) && deniedTexts.some((text) => body.includes(text));
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
