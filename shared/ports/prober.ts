import type { ProbeAnswer } from '../domain/health/probe-answer.ts';

export type { ProbeAnswer };

/** `auto`: first without a token, and again with one if the answer is 401 or 403. */
export type Authenticate = 'auto' | 'always' | 'never';

export interface ProbeRequest {
  /** https (or http to a host that the settings allow); no credentials in it. */
  readonly url: string;
  /** Bounds the whole probe, body included. */
  readonly timeoutMs: number;
  readonly authenticate: Authenticate;
  /** The audience of the ID token: always the service's own URL, even when a tag URL is probed. */
  readonly audience: string;
  /**
   * The Identity-Aware Proxy in front of this URL: a token for this audience goes in `authorization`, by https alone and
   * whatever `authenticate` says. Absent: no proxy.
   */
  readonly iapAudience?: string | undefined;
  /** PEM: authorities to trust for this request, besides the usual ones. */
  readonly ca?: string | undefined;
  /**
   * 2: by HTTP/2, whatever the other side offers, on a connection of its own; trailers are among the answer's headers.
   * @default 1.1
   */
  readonly httpVersion?: 2 | undefined;
  /** @default GET */
  readonly method?: string | undefined;
  /** Besides the prober's own; names in lower case go before those. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Gives the probe up: the answer is then of no use. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Requests of one session, which are made one after another and to one origin, share a connection until it aborts, or
   * until one of them gets no answer. None is asked twice.
   * @default a connection of its own
   */
  readonly session?: AbortSignal | undefined;
}

/** Asks one URL once. Never follows a redirect, never throws for what the other side does. */
export interface Prober {
  probe(request: ProbeRequest): Promise<ProbeAnswer>;
}
