import { Agent, fetch } from 'undici';
import { PermanentError } from '../domain/errors.ts';
import type { ProbeAnswer } from '../domain/probe-answer.ts';
import type { ProbeRequest, Prober } from '../ports/prober.ts';
import { AddressGuard, type Resolve } from './address-guard.ts';
import { readCapped } from './capped-body.ts';
import { explainProbeError } from './explain-probe-error.ts';
import type { IdTokens } from './id-tokens.ts';
import { mayReceiveToken } from './token-audience.ts';

const maxBodyBytes = 1024 * 1024;

export interface UndiciProberOptions {
  readonly tokens: IdTokens;
  /** Exact pairs (`127.0.0.1:8123`) that may be asked although they are not public; from the environment only. */
  readonly allowedLocalAddresses?: readonly string[];
  /** @default the system's resolver */
  readonly resolve?: Resolve;
}

type NoAnswerCause = Extract<ProbeAnswer, { kind: 'no-answer' }>['cause'];

/** What one attempt to answer a probe shares with the next: the target, and the one deadline of both. */
interface Attempt extends Pick<ProbeRequest, 'method' | 'headers' | 'body'> {
  readonly url: URL;
  readonly audience: string;
  readonly signal: AbortSignal;
}

/** Probes over HTTP/1.1. An own connection for each request, one deadline for all of a probe. */
export class UndiciProber implements Prober {
  readonly #guard: AddressGuard;
  readonly #tokens: IdTokens;
  readonly #agent: Agent;
  /** Audiences that have refused a request without a token and taken one with it. */
  readonly #private = new Set<string>();

  /** @throws {RangeError} when an allowed local address is not an address and a port */
  constructor(options: UndiciProberOptions) {
    this.#tokens = options.tokens;
    this.#guard = new AddressGuard(options.allowedLocalAddresses ?? [], options.resolve);
    this.#agent = new Agent({
      // No keep-alive: Cloud Run routes by connection, so that one from before a change of traffic could
      // go on to be answered by the old revision.
      pipelining: 0,
      // These count from chunk to chunk, which a byte every second satisfies for ever; the signal bounds all.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { lookup: this.#guard.lookup },
    });
  }

  async probe(request: ProbeRequest): Promise<ProbeAnswer> {
    const { authenticate, audience } = request;
    const admission = this.#guard.admit(request.url);
    if (admission.kind === 'blocked') return noAnswer('blocked', 0, admission.detail);
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs)));
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    const { method, headers, body } = request;
    const attempt: Attempt = { url: admission.url, audience, signal, method, headers, body };
    if (authenticate === 'always') return this.#askWithToken(attempt);
    if (authenticate === 'auto' && this.#private.has(audience)) return this.#askWithToken(attempt);
    const answer = await this.#ask(attempt);
    if (authenticate === 'never' || !isDenied(answer)) return answer;
    const second = await this.#askWithToken(attempt);
    if (second.kind === 'answer' && !isDenied(second)) this.#private.add(audience);
    return second;
  }

  /** Ends what is under way and lets the process exit; the prober is of no use afterwards. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #askWithToken(attempt: Attempt): Promise<ProbeAnswer> {
    const startedAt = performance.now();
    const since = () => performance.now() - startedAt;
    if (!mayReceiveToken(attempt.url, attempt.audience)) {
      return noAnswer(
        'blocked',
        0,
        `a token for ${attempt.audience} must not be sent to ${attempt.url.host}`,
      );
    }
    try {
      return await this.#ask(attempt, await before(attempt.signal, this.#tokens.idToken(attempt.audience)));
    } catch (error) {
      // Also when time has run out: that a token takes long is no fault of the revision.
      const detail =
        error instanceof PermanentError ? error.message : `no ID token for ${attempt.audience} was to be had`;
      return noAnswer('no-token', since(), detail);
    }
  }

  /** Never rejects. */
  async #ask({ url, signal, method, headers, body }: Attempt, token?: string): Promise<ProbeAnswer> {
    const startedAt = performance.now();
    try {
      const response = await fetch(url, {
        dispatcher: this.#agent,
        signal,
        // A redirect is an answer. Followed, it could lead anywhere, and the target could be healthy by itself.
        redirect: 'manual',
        method: method ?? 'GET',
        ...(body !== undefined && { body }),
        headers: {
          'user-agent': 'deploy-loop',
          accept: '*/*',
          'cache-control': 'no-cache',
          ...headers,
          // Not `authorization`, which stays free for the application; Cloud Run strips the signature of this one.
          ...(token !== undefined && { 'x-serverless-authorization': `Bearer ${token}` }),
        },
      });
      const read = await readCapped(response.body, maxBodyBytes);
      return {
        kind: 'answer',
        status: response.status,
        headers: joinHeaders(response.headers),
        body: read.text,
        truncated: read.truncated,
        latencyMs: performance.now() - startedAt,
        authenticated: token !== undefined,
      };
    } catch (error) {
      const { cause, detail } = explainProbeError(error);
      return noAnswer(cause, performance.now() - startedAt, detail);
    }
  }
}

function isDenied(answer: ProbeAnswer): boolean {
  return answer.kind === 'answer' && (answer.status === 401 || answer.status === 403);
}

function noAnswer(cause: NoAnswerCause, latencyMs: number, detail: string): ProbeAnswer {
  return { kind: 'no-answer', cause, latencyMs, detail };
}

/** @throws the signal's reason when it comes first */
function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** Only `set-cookie` comes more than once. */
function joinHeaders(headers: Iterable<[string, string]>): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(joined);
}
