import { type Hop, messageSchemas } from '../../../shared/contracts/messages.ts';
import { Arrivals } from '../../local/pubsub/pubsub-arrivals.ts';

export interface Received {
  readonly hop: Hop;
  readonly message: unknown;
}

export const hops = Object.keys(messageSchemas).filter((name): name is Hop => name in messageSchemas);

/** Where the messages of a bus end up. */
export class BusInbox {
  readonly received = new Arrivals<Received>();
  #refusals = 0;

  /** Refuses the next so many deliveries. */
  refuse(times: number): void {
    this.#refusals = times;
  }

  /** @throws {Error} it is to refuse this one */
  take(received: Received): void {
    this.received.add(received);
    if (this.#refusals === 0) return;
    this.#refusals--;
    throw new Error('refused by the test');
  }
}
