import { status } from '@grpc/grpc-js';
import { invalidArgument, RpcError } from '../rpc-error.ts';
import type { NewMessage, StoredMessage } from './stored-message.ts';
import type { Subscription } from './subscription.ts';

const namePattern = /^projects\/[^/]+\/topics\/(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;
const firstMessageId = 10_000_000_000_001;

/** The topics of one project, by full name. */
export class Topics {
  readonly #subscriptions = new Map<string, Set<Subscription>>();
  #nextId = firstMessageId;

  /** @throws {RpcError} INVALID_ARGUMENT: a malformed name; ALREADY_EXISTS */
  create(name: string): void {
    if (!namePattern.test(name)) throw invalidArgument(`Invalid resource name given (name=${name}).`);
    if (this.#subscriptions.has(name))
      throw new RpcError(
        status.ALREADY_EXISTS,
        `Resource already exists in the project (resource=${idOf(name)}).`,
      );
    this.#subscriptions.set(name, new Set());
  }

  /** @throws {RpcError} NOT_FOUND */
  check(name: string): void {
    this.#of(name);
  }

  /** @throws {RpcError} NOT_FOUND */
  attach(name: string, subscription: Subscription): void {
    this.#of(name).add(subscription);
  }

  /**
   * Hands a message to every subscription of the topic; without one it is lost.
   *
   * @returns its id
   * @throws {RpcError} NOT_FOUND: no such topic; INVALID_ARGUMENT: an empty message
   */
  publish(name: string, { data, attributes = {}, orderingKey = '' }: NewMessage): string {
    const subscriptions = this.#of(name);
    if (data.length === 0 && Object.keys(attributes).length === 0)
      throw invalidArgument('Each message must contain either non-empty data, or at least one attribute.');
    const messageId = String(this.#nextId++);
    const message: StoredMessage = {
      messageId,
      topic: name,
      data,
      attributes,
      orderingKey,
      publishTime: new Date(),
    };
    for (const subscription of subscriptions) subscription.take(message);
    return messageId;
  }

  #of(name: string): Set<Subscription> {
    const found = this.#subscriptions.get(name);
    if (found === undefined)
      throw new RpcError(status.NOT_FOUND, `Resource not found (resource=${idOf(name)}).`);
    return found;
  }
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
