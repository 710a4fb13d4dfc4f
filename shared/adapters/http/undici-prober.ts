import { Agent, type Dispatcher, fetch } from 'undici';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import { joinHeaders } from '../../domain/join-headers.ts';
import type { ProbeRequest, Prober } from '../../ports/prober.ts';
import type { IdTokens } from '../id-tokens/id-tokens.ts';
import { AddressGuard, type Resolve } from './address-guard.ts';
import { AuthenticatedAsk, noAnswer } from './authenticated-ask.ts';
import { readCapped } from './capped-body.ts';
import { explainProbeError } from './explain-probe-error.ts';
import { ProberSessions } from './prober-sessions.ts';

const maxBodyBytes = 1024 * 1024;

export interface UndiciProberOptions {
  readonly tokens: IdTokens;
  /** Exact pairs (`127.0.0.1:8123`) that may be asked although they are not public; from the environment only. */
  readonly allowedLocalAddresses?: readonly string[];
  /** @default the system's resolver */
  readonly resolve?: Resolve;
}

/** The state that the attempts of one probe share: the target, and the deadline of all of them. */
interface Attempt extends Pick<ProbeRequest, 'method' | 'headers' | 'body'> {
  readonly url: URL;
  readonly signal: AbortSignal;
}

/** Probes over HTTP/1.1: one deadline for a whole probe, and a new connection for each request outside a session. */
export class UndiciProber implements Prober {
  readonly #guard: AddressGuard;
  readonly #authenticated: AuthenticatedAsk;
  readonly #agent: Agent;
  readonly #sessions: ProberSessions;

  /** @throws {RangeError} when an allowed local address is not an address and a port */
  constructor(options: UndiciProberOptions) {
    this.#authenticated = new AuthenticatedAsk(options.tokens);
    this.#guard = new AddressGuard(options.allowedLocalAddresses ?? [], options.resolve);
    const connecting = {
      connect: { lookup: this.#guard.lookup },
      // These limits apply between chunks, so one byte per second satisfies them for ever; the signal limits the whole
      // probe.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    // No keep-alive: Cloud Run routes by connection, so the old revision could still respond on a connection that was
    // opened before a change of traffic.
    this.#agent = new Agent({ ...connecting, pipelining: 0 });
    this.#sessions = new ProberSessions(connecting);
  }

  async probe(request: ProbeRequest): Promise<ProbeAnswer> {
    const { authenticate, audience } = request;
    const admission = this.#guard.admit(request.url);
    if (admission.kind === 'blocked') return noAnswer('blocked', 0, admission.detail);
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs)));
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    const { method, headers, body } = request;
    const asked = { url: admission.url, audience, authenticate, signal };
    const attempt = { url: admission.url, signal, method, headers, body };
    return this.#authenticated.ask<ProbeAnswer>(
      asked,
      (authorization) => this.#askIn(request.session, attempt, authorization),
      isDenied,
    );
  }

  /** Ends the requests in progress and lets the process exit; the prober cannot be used afterwards. */
  async close(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#sessions.destroy()]);
  }

  async #askIn(
    session: AbortSignal | undefined,
    attempt: Attempt,
    authorization: Readonly<Record<string, string>>,
  ): Promise<ProbeAnswer> {
    const client = this.#sessions.clientOf(session, attempt.url);
    const answer = await this.#ask(client ?? this.#agent, attempt, authorization);
    if (session && client && answer.kind === 'no-answer') this.#sessions.giveUp(session, attempt.url);
    return answer;
  }

  /** Never rejects. */
  async #ask(
    dispatcher: Dispatcher,
    { url, signal, method, headers, body }: Attempt,
    authorization: Readonly<Record<string, string>>,
  ): Promise<ProbeAnswer> {
    const startedAt = performance.now();
    let status: number | undefined;
    try {
      const response = await fetch(url, {
        dispatcher,
        signal,
        // A redirect is a response. If it were followed, it could lead anywhere, and its target could be healthy by
        // itself.
        redirect: 'manual',
        method: method ?? 'GET',
        ...(body !== undefined && { body }),
        headers: {
          'user-agent': 'deploy-loop',
          accept: '*/*',
          'cache-control': 'no-cache',
          ...headers,
          ...authorization,
        },
      });
      status = response.status;
      const read = await readCapped(response.body, maxBodyBytes);
      return {
        kind: 'answer',
        status: response.status,
        headers: joinHeaders(response.headers),
        body: read.text,
        truncated: read.truncated,
        latencyMs: performance.now() - startedAt,
        authenticated: Object.keys(authorization).length > 0,
      };
    } catch (error) {
      const { cause, detail } = explainProbeError(error);
      const latencyMs = performance.now() - startedAt;
      if (status === undefined || cause === 'timeout') return noAnswer(cause, latencyMs, detail);
      // The server has responded, so the fault is not on our side.
      return noAnswer('refused', latencyMs, `the body of HTTP ${status} cannot be read: ${detail}`);
    }
  }
}

function isDenied(answer: ProbeAnswer): boolean {
  return answer.kind === 'answer' && (answer.status === 401 || answer.status === 403);
}
