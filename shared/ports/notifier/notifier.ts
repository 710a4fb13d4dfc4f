import type { SecretSource } from '../../contracts/suites/secret-source.ts';

/** One message to a webhook. */
export interface Notification {
  /** The same at each delivery of the same event: its receiver knows by it what it has already. */
  readonly id: string;
  readonly url: SecretSource;
  /** The key of its signature; absent: it is not signed. */
  readonly secret?: SecretSource | undefined;
  /** JSON. */
  readonly body: string;
}

/** Sends messages to people and their tools. */
export interface Notifier {
  /**
   * Resolves when the other side has taken it. Not idempotent: the receiver tells a repetition by its id.
   * @throws {TransientError} no answer, 429 or 5xx, with `retryAfterMs` where the other side names a time
   * @throws {PermanentError} the URL is none, leads to a private address, or the other side refuses the message; the text
   * never contains the URL
   */
  send(notification: Notification): Promise<void>;
}
