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
}

/** What came back, before anybody judges it. */
export type ProbeAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case names; repeated ones joined with a comma. */
      readonly headers: Readonly<Record<string, string>>;
      /** Decoded text, at most 1 MiB. */
      readonly body: string;
      /** True: the body went on past the cap and was not read. */
      readonly truncated: boolean;
      readonly latencyMs: number;
      /** True if an ID token was sent. */
      readonly authenticated: boolean;
    }
  | {
      readonly kind: 'no-answer';
      readonly cause: 'refused' | 'timeout' | 'name-resolution' | 'tls' | 'blocked' | 'no-token';
      readonly latencyMs: number;
      readonly detail: string;
    };

/** Asks one URL once. Never follows a redirect, never throws for what the other side does. */
export interface Prober {
  probe(request: ProbeRequest): Promise<ProbeAnswer>;
}
