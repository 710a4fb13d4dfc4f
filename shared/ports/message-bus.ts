import type { Hop, MessageOf } from '../contracts/messages.ts';

/** Wakes the next hop. Delivers at least once, in any order, perhaps late: a message contains ids only. */
export interface MessageBus {
  /**
   * Resolves when the bus has stored the message.
   * @throws {TransientError} the bus has not stored it
   */
  publish<H extends Hop>(hop: H, message: MessageOf<H>): Promise<void>;
}
