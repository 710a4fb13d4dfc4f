import { createHmac } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { DeployLoopError, PermanentError, TransientError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Notification, Notifier } from '../../ports/notifier/notifier.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { AddressGuard, type Resolve } from '../http/address-guard.ts';
import { explainProbeError } from '../http/explain-probe-error.ts';

export interface WebhookNotifierOptions {
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Exact pairs (`127.0.0.1:8123`) that may be asked although they are not public; from the environment only. */
  readonly allowedLocalAddresses?: readonly string[];
  /** @default the system's resolver */
  readonly resolve?: Resolve;
  /** @default 10 s */
  readonly timeoutMs?: number;
}

/**
 * Posts JSON to webhooks: Slack, Google Chat and whatever takes a signed document. One attempt each: the outbox repeats
 * it. No redirect is followed, and no private address asked.
 */
export class WebhookNotifier implements Notifier {
  readonly #options: WebhookNotifierOptions;
  readonly #guard: AddressGuard;
  #agent: Agent | undefined;

  constructor(options: WebhookNotifierOptions) {
    this.#options = options;
    this.#guard = new AddressGuard(options.allowedLocalAddresses ?? [], options.resolve);
  }

  async send({ id, url, secret, body }: Notification): Promise<void> {
    const { secrets, clock, timeoutMs = 10_000 } = this.#options;
    const [address, key] = await Promise.all([secrets.value(url), secret && secrets.value(secret)]);
    const target = this.#admit(address);
    const timestamp = String(Math.floor(clock.now().getTime() / 1000));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'deploy-loop',
      'deploy-loop-id': id,
      'deploy-loop-timestamp': timestamp,
      ...(key === undefined
        ? {}
        : { 'deploy-loop-signature': `sha256=${signatureOf(key, timestamp, body)}` }),
    };
    const answer = await this.#post(target, headers, body, timeoutMs);
    judge(answer.status, answer.retryAfter, clock.now());
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  #admit(address: string): URL {
    const admission = this.#guard.admit(address.trim());
    if (admission.kind === 'blocked')
      throw new PermanentError(`the URL of the webhook is not asked: ${admission.detail}`);
    return admission.url;
  }

  async #post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    timeoutMs: number,
  ): Promise<{ readonly status: number; readonly retryAfter: string | null }> {
    this.#agent ??= new Agent({ connect: { lookup: this.#guard.lookup } });
    try {
      const response = await fetch(url, {
        dispatcher: this.#agent,
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers,
        body,
      });
      await response.body?.cancel();
      return { status: response.status, retryAfter: response.headers.get('retry-after') };
    } catch (error) {
      if (error instanceof DeployLoopError) throw error;
      // The URL is a secret: neither the error nor its cause is passed on.
      const { cause } = explainProbeError(error);
      if (cause === 'blocked') throw new PermanentError('the webhook resolves to a blocked address');
      throw new TransientError(`the webhook did not answer: ${cause}`);
    }
  }
}

/** HMAC-SHA256 over `timestamp.body`, in hex: whoever has the key knows that both are ours. */
export function signatureOf(key: string, timestamp: string, body: string): string {
  return createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
}

function judge(status: number, retryAfter: string | null, now: Date): void {
  if (status >= 200 && status < 300) return;
  const text = `the webhook answered HTTP ${status}`;
  if (status !== 408 && status !== 429 && status < 500) throw new PermanentError(text);
  const retryAfterMs = readRetryAfter(retryAfter, now);
  throw new TransientError(text, retryAfterMs === undefined ? {} : { retryAfterMs });
}

const longestRetryAfterMs = 3_600_000;

/** Seconds, or a date. Undefined: neither. */
function readRetryAfter(text: string | null, now: Date): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(1_000, ms)) : undefined;
}
