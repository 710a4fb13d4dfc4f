import type { PushOutcome } from './push-client.ts';
import type { StoredMessage } from './stored-message.ts';

/** One push of a message, after its end. */
export interface Delivery {
  /** The subscription's short name. */
  readonly subscription: string;
  readonly message: StoredMessage;
  /** Counts from 1, for each duplicate and each replay anew. */
  readonly attempt: number;
  readonly outcome: PushOutcome;
  /** By `performance.now()`. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** True: it was the last attempt, and the message goes to the dead letter topic. */
  readonly deadLettered: boolean;
}

export type DeliveryListener = (delivery: Delivery) => void;
