import { Agent, type Dispatcher, fetch } from 'undici';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import { joinHeaders } from '../../domain/join-headers.ts';
import type { ProbeRequest, Prober } from '../../ports/prober.ts';
import type { IdTokens } from '../id-tokens/id-tokens.ts';
import { AddressGuard, type Resolve } from './address-guard.ts';
import { askByHttp2 } from './ask-by-http2.ts';
import { AuthenticatedAsk, noAnswer } from './authenticated-ask.ts';
import { readCapped } from './capped-body.ts';
import { explainProbeError } from './explain-probe-error.ts';
import { ProberSessions } from './prober-sessions.ts';
import { trustOf } from './trust.ts';

const maxBodyBytes = 1024 * 1024;
const ownHeaders = { 'user-agent': 'deploy-loop', 'cache-control': 'no-cache' };
/** Of gRPC: PERMISSION_DENIED, UNAUTHENTICATED. */
const grpcDenials: readonly (string | undefined)[] = ['7', '16'];

export interface UndiciProberOptions {
  readonly tokens: IdTokens;
  /** Exact pairs (`127.0.0.1:8123`) that may be asked although they are not public; from the environment only. */
  readonly allowedLocalAddresses?: readonly string[];
  /** @default the system's resolver */
  readonly resolve?: Resolve;
}

/** The state that the attempts of one probe share: the target, and the deadline of all of them. */
interface Attempt extends Pick<ProbeRequest, 'ca' | 'httpVersion' | 'method' | 'headers' | 'body'> {
  readonly url: URL;
  readonly signal: AbortSignal;
}

/**
 * Probes over HTTP/1.1, or 2 on request: one deadline for a whole probe, and a new connection for each request outside a
 * session.
 */
export class UndiciProber implements Prober {
  readonly #guard: AddressGuard;
  readonly #authenticated: AuthenticatedAsk;
  /** By the authorities that are trusted besides the usual ones. */
  readonly #agents = new Map<string | undefined, Agent>();
  readonly #sessions: ProberSessions;

  /** @throws {RangeError} when an allowed local address is not an address and a port */
  constructor(options: UndiciProberOptions) {
    this.#authenticated = new AuthenticatedAsk(options.tokens);
    this.#guard = new AddressGuard(options.allowedLocalAddresses ?? [], options.resolve);
    this.#sessions = new ProberSessions(this.#connecting(undefined));
  }

  async probe(request: ProbeRequest): Promise<ProbeAnswer> {
    const { authenticate, audience, iapAudience } = request;
    const admission = this.#guard.admit(request.url);
    if (admission.kind === 'blocked') return noAnswer('blocked', 0, admission.detail);
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs)));
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    const { ca, httpVersion, method, headers, body } = request;
    const asked = { url: admission.url, audience, authenticate, iapAudience, signal };
    const attempt = { url: admission.url, signal, ca, httpVersion, method, headers, body };
    return this.#authenticated.ask<ProbeAnswer>(
      asked,
      (authorization) => this.#askIn(request.session, attempt, authorization),
      isDenied,
    );
  }

  /** Ends the requests in progress and lets the process exit; the prober cannot be used afterwards. */
  async close(): Promise<void> {
    await Promise.all([
      ...[...this.#agents.values()].map((agent) => agent.destroy()),
      this.#sessions.destroy(),
    ]);
  }

  #connecting(ca: string | undefined) {
    return {
      connect: { lookup: this.#guard.lookup, ...trustOf(ca) },
      // These limits apply between chunks, so one byte per second satisfies them for ever; the signal limits the whole
      // probe.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
  }

  #agentFor(ca: string | undefined): Agent {
    const known = this.#agents.get(ca);
    if (known) return known;
    // No keep-alive: Cloud Run routes by connection, so the old revision could still respond on a connection that was
    // opened before a change of traffic.
    const agent = new Agent({ ...this.#connecting(ca), pipelining: 0 });
    this.#agents.set(ca, agent);
    return agent;
  }

  async #askIn(
    session: AbortSignal | undefined,
    attempt: Attempt,
    authorization: Readonly<Record<string, string>>,
  ): Promise<ProbeAnswer> {
    if (attempt.httpVersion === 2) return this.#askByHttp2(attempt, authorization);
    // A session is of the usual trust.
    const client = attempt.ca === undefined ? this.#sessions.clientOf(session, attempt.url) : undefined;
    const answer = await this.#ask(client ?? this.#agentFor(attempt.ca), attempt, authorization);
    if (session && client && answer.kind === 'no-answer') this.#sessions.giveUp(session, attempt.url);
    return answer;
  }

  #askByHttp2(
    { method = 'GET', headers, body = '', ...attempt }: Attempt,
    authorization: Readonly<Record<string, string>>,
  ): Promise<ProbeAnswer> {
    return askByHttp2({
      url: attempt.url,
      method,
      headers: { ...ownHeaders, ...headers, ...authorization },
      body,
      authenticated: Object.keys(authorization).length > 0,
      lookup: this.#guard.lookup,
      ca: attempt.ca,
      signal: attempt.signal,
    });
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
        headers: { ...ownHeaders, accept: '*/*', ...headers, ...authorization },
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
  if (answer.kind !== 'answer') return false;
  const { status, headers } = answer;
  return status === 401 || status === 403 || grpcDenials.includes(headers['grpc-status']);
}
