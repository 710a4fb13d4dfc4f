import type { ProbeAnswer } from '../domain/health/probe-answer.ts';

export type { ProbeAnswer };

/** `auto`: first without a token, then with one if the response is 401 or 403. */
export type Authenticate = 'auto' | 'always' | 'never';

export interface ProbeRequest {
  /** https (or http to a host that the settings allow); without credentials. */
  readonly url: string;
  /** The time limit of the whole probe, body included. */
  readonly timeoutMs: number;
  readonly authenticate: Authenticate;
  /** The audience of the ID token: always the service's own URL, even when a tag URL is probed. */
  readonly audience: string;
  /** @default GET */
  readonly method?: string | undefined;
  /** Added to the prober's own headers; a lower-case name replaces the prober's header. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Aborts the probe: its result is no longer needed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Requests of one session are sent one after another to one origin, and share a connection until the session aborts
   * or one of them gets no response. None is sent twice.
   * @default a connection of its own
   */
  readonly session?: AbortSignal | undefined;
}

/** Requests one URL once. Never follows a redirect, and never throws for faults of the other side. */
export interface Prober {
  probe(request: ProbeRequest): Promise<ProbeAnswer>;
}
