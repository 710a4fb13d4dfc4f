import type { Hop, MessageOf } from '../contracts/messages.ts';

/** Wakes the next hop. At least once, in any order, perhaps late: a message carries ids only. */
export interface MessageBus {
  /**
   * Resolves when the message is safe with the bus.
   * @throws {TransientError} it is not
   */
  publish<H extends Hop>(hop: H, message: MessageOf<H>): Promise<void>;
}
