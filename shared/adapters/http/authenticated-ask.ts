import { PermanentError } from '../../domain/errors.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { Authenticate } from '../../ports/prober.ts';
import type { IdTokens } from '../id-tokens/id-tokens.ts';
import { mayReceiveToken } from '../id-tokens/token-audience.ts';

export type NoAnswer = Extract<ProbeAnswer, { kind: 'no-answer' }>;

export interface AskedService {
  readonly url: URL;
  readonly audience: string;
  readonly authenticate: Authenticate;
  /** Bounds all attempts together. */
  readonly signal: AbortSignal;
}

/** Sends a request with an ID token where one is needed, and sends the token only to the service that it is for. */
export class AuthenticatedAsk {
  readonly #tokens: IdTokens;
  /** Audiences that refused a request without a token and accepted one with it. */
  readonly #private = new Set<string>();

  constructor(tokens: IdTokens) {
    this.#tokens = tokens;
  }

  /**
   * @param attempt sends the request once, with the token's headers; never rejects
   * @param isDenied whether a response calls for a token, or for a better one
   */
  async ask<A>(
    { url, audience, authenticate, signal }: AskedService,
    attempt: (headers: Readonly<Record<string, string>>) => Promise<A>,
    isDenied: (answer: A) => boolean,
  ): Promise<A | NoAnswer> {
    const withToken = async (): Promise<A | NoAnswer> => {
      const token = await this.#tokenFor(url, audience, signal);
      // Not `authorization`, which stays free for the application; Cloud Run strips the signature of this one.
      return typeof token === 'string' ? attempt({ 'x-serverless-authorization': `Bearer ${token}` }) : token;
    };
    if (authenticate === 'always') return withToken();
    if (authenticate === 'auto' && this.#private.has(audience)) return withToken();
    const answer = await attempt({});
    if (authenticate === 'never' || !isDenied(answer)) return answer;
    const second = await withToken();
    if (!isNoAnswer(second) && !isDenied(second)) this.#private.add(audience);
    return second;
  }

  async #tokenFor(url: URL, audience: string, signal: AbortSignal): Promise<string | NoAnswer> {
    const startedAt = performance.now();
    if (!mayReceiveToken(url, audience))
      return noAnswer('blocked', 0, `a token for ${audience} must not be sent to ${url.host}`);
    try {
      return await before(signal, this.#tokens.idToken(audience));
    } catch (error) {
      // Also when time has run out: a slow token is not the revision's fault.
      const detail =
        error instanceof PermanentError ? error.message : `no ID token for ${audience} is available`;
      return noAnswer('no-token', performance.now() - startedAt, detail);
    }
  }
}

export function noAnswer(cause: NoAnswer['cause'], latencyMs: number, detail: string): NoAnswer {
  return { kind: 'no-answer', cause, latencyMs, detail };
}

function isNoAnswer(answer: unknown): answer is NoAnswer {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'no-answer';
}

/** @throws the signal's reason if the signal aborts first */
function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}
