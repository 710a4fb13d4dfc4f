import type { SeededRandom } from '../seeded-random.ts';
import type { Timers } from '../timers.ts';
import { backoffMs } from './backoff.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { DeliveryListener } from './delivery.ts';
import type { PubsubProfile } from './pubsub-profile.ts';
import type { PushClient, PushOutcome } from './push-client.ts';
import { PushGate } from './push-gate.ts';
import { pushRequest } from './push-request.ts';
import type { NewMessage, StoredMessage } from './stored-message.ts';
import type { SubscriptionConfig } from './subscription-config.ts';
import type { Tally } from './tally.ts';

/** What the subscriptions of one local Pub/Sub share. */
export interface SubscriptionContext {
  readonly project: string;
  readonly timers: Timers;
  readonly client: PushClient;
  readonly tally: Tally;
  readonly profile: () => PubsubProfile;
  readonly publish: (topic: string, message: NewMessage) => void;
  readonly onDelivery: DeliveryListener;
}

/** What is kept for a replay; the oldest goes first. */
const maxRetained = 10_000;

/** A push subscription: delivers each message until it is acknowledged, or given up. */
export class Subscription {
  readonly id: string;
  readonly #context: SubscriptionContext;
  readonly #random: SeededRandom;
  readonly #gate: PushGate;
  readonly #retained: StoredMessage[] = [];
  readonly #outstanding = new Set<{ readonly message: StoredMessage }>();
  #config: SubscriptionConfig;

  constructor(id: string, config: SubscriptionConfig, random: SeededRandom, context: SubscriptionContext) {
    this.id = id;
    this.#config = config;
    this.#random = random;
    this.#context = context;
    this.#gate = new PushGate(config.maxPushes);
  }

  /** Deliveries that are under way, or wait for their first or next push. */
  get outstanding(): number {
    return this.#outstanding.size;
  }

  take(message: StoredMessage): void {
    if (this.#config.filter?.(message.attributes) === false) return;
    this.#retained.push(message);
    if (this.#retained.length > maxRetained) this.#retained.shift();
    for (const afterMs of planDeliveries(this.#random, this.#context.profile()))
      this.#begin(message, afterMs);
  }

  /** Delivers once more every retained message that was published since then and is not outstanding. */
  replay(since: Date): void {
    const outstanding = new Set([...this.#outstanding].map(({ message }) => message));
    for (const message of this.#retained) {
      if (message.publishTime >= since && !outstanding.has(message)) this.#begin(message, 0);
    }
  }

  pause(): void {
    this.#gate.close();
  }

  resume(): void {
    this.#gate.open();
  }

  /** For every push that has not begun yet. */
  redirect(pushEndpoint: string): void {
    this.#config = { ...this.#config, pushEndpoint };
  }

  #begin(message: StoredMessage, afterMs: number): void {
    const { tally, timers } = this.#context;
    const delivery = { message };
    this.#outstanding.add(delivery);
    tally.add();
    this.#finish(message, afterMs)
      .catch((error: unknown) => {
        if (!timers.signal.aborted) throw error;
      })
      .finally(() => {
        this.#outstanding.delete(delivery);
        tally.remove();
      });
  }

  async #finish(message: StoredMessage, afterMs: number): Promise<void> {
    const { timers, profile } = this.#context;
    if (afterMs > 0) await timers.delay(afterMs);
    for (let attempt = 1; !(await this.#push(message, attempt)); attempt++) {
      await timers.delay(backoffMs(attempt, this.#config.retry ?? profile().retry));
    }
  }

  /** @returns whether the message is done: acknowledged or given up */
  async #push(message: StoredMessage, attempt: number): Promise<boolean> {
    await this.#gate.enter();
    const config = this.#config;
    const startedMs = performance.now();
    const outcome = await this.#send(message, attempt).finally(() => this.#gate.leave());
    const isAcked = outcome.kind === 'acked';
    const deadLettered = !isAcked && attempt >= (config.deadLetter?.maxDeliveryAttempts ?? Infinity);
    if (deadLettered) this.#giveUp(message, attempt);
    const endedMs = performance.now();
    this.#context.onDelivery({
      subscription: this.id,
      message,
      attempt,
      outcome,
      startedMs,
      endedMs,
      deadLettered,
    });
    return isAcked || deadLettered;
  }

  /** @throws {Error} (AbortError) the local Pub/Sub stopped: that is no outcome */
  async #send(message: StoredMessage, attempt: number): Promise<PushOutcome> {
    const { project, client, timers } = this.#context;
    const config = this.#config;
    timers.signal.throwIfAborted();
    const from = { subscription: `projects/${project}/subscriptions/${this.id}`, config, attempt };
    const request = pushRequest(message, from);
    const outcome = await client.push(config.pushEndpoint, request, config.ackDeadlineSeconds * 1_000);
    timers.signal.throwIfAborted();
    return outcome;
  }

  #giveUp(message: StoredMessage, attempts: number): void {
    const { deadLetter } = this.#config;
    const { project, publish } = this.#context;
    if (deadLetter)
      publish(deadLetter.topic, deadLetterOf(message, { project, subscription: this.id, attempts }));
  }
}

/**
 * When the deliveries of one message begin, in ms from its publish: one, or two for a duplicate. Draws the same
 * count of numbers each time, so that another rate leaves the rest of a seeded run as it was.
 */
function planDeliveries(random: SeededRandom, profile: PubsubProfile): readonly number[] {
  const { deliveryMs, duplicateRate, reorderRate, delayMs } = profile;
  const latency = random.between(deliveryMs);
  const isOvertaken = random.fraction() < reorderRate;
  const lateness = random.fraction() * delayMs;
  const isDuplicated = random.fraction() < duplicateRate;
  const secondLateness = random.fraction() * delayMs;
  const first = latency + (isOvertaken ? lateness : 0);
  return isDuplicated ? [first, latency + secondLateness] : [first];
}
