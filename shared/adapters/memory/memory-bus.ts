import type { Hop, MessageOf } from '../../contracts/messages.ts';
import { describeError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MessageBus } from '../../ports/message-bus.ts';

/** Handles one message. Rejecting asks for another delivery. */
export type Deliver = <H extends Hop>(hop: H, message: MessageOf<H>) => Promise<void>;

export interface MemoryBusOptions {
  /** How often one message is tried. */
  readonly maxDeliveries: number;
  /** Before the second delivery; doubled for each further one. */
  readonly firstBackoffMs: number;
}

/** A bus within the process: delivers at least once and concurrently, retries with backoff, and finally gives up. */
export class MemoryBus implements MessageBus {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #options: MemoryBusOptions;
  #deliver: Deliver | undefined;
  #pending = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #lost: unknown;

  constructor(
    clock: Clock,
    log: Logger,
    options: MemoryBusOptions = { maxDeliveries: 5, firstBackoffMs: 1_000 },
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
  }

  /** The handler of the messages; set once, before the first is published. */
  connect(deliver: Deliver): void {
    this.#deliver = deliver;
  }

  async publish<H extends Hop>(hop: H, message: MessageOf<H>): Promise<void> {
    if (!this.#deliver) throw new TypeError('the bus is not connected');
    this.#pending++;
    void this.#handle(hop, message, this.#deliver);
  }

  /**
   * Resolves when no message is in progress.
   * @throws the last error of a message that was given up since the last call
   */
  async idle(): Promise<void> {
    if (this.#pending > 0) {
      this.#idle ??= Promise.withResolvers<void>();
      await this.#idle.promise;
    }
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost !== undefined) throw lost;
  }

  async #handle<H extends Hop>(hop: H, message: MessageOf<H>, deliver: Deliver): Promise<void> {
    await Promise.resolve();
    for (let delivery = 1; ; delivery++) {
      try {
        await deliver(hop, message);
        break;
      } catch (error) {
        this.#log.warn({ hop, message, delivery }, `message not handled: ${describeError(error)}`);
        if (delivery === this.#options.maxDeliveries) {
          this.#lost = error;
          break;
        }
        await this.#clock.sleep(this.#options.firstBackoffMs * 2 ** (delivery - 1));
      }
    }
    this.#pending--;
    if (this.#pending === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }
}
