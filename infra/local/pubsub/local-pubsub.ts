import { FaultScripts } from '../faults.ts';
import { GrpcEndpoint } from '../grpc/grpc-endpoint.ts';
import { Protos } from '../grpc/protos.ts';
import type { ProfileName } from '../profile.ts';
import { SeededRandom } from '../seeded-random.ts';
import { Timers } from '../timers.ts';
import type { DeliveryListener } from './delivery.ts';
import { publisherHandlers } from './publisher-handlers.ts';
import { type Disturbance, type PubsubProfile, pubsubProfiles } from './pubsub-profile.ts';
import { PushClient } from './push-client.ts';
import type { NewMessage } from './stored-message.ts';
import { Subscription, type SubscriptionContext } from './subscription.ts';
import { SubscriptionConfig, type SubscriptionOptions } from './subscription-config.ts';
import { Tally } from './tally.ts';
import { Topics } from './topics.ts';

export interface LocalPubsubOptions {
  readonly projectId: string;
  /** Default `fast`. */
  readonly profile?: ProfileName;
  /** Single values other than the profile's. */
  readonly overrides?: Partial<PubsubProfile>;
  /** Repeats every latency, duplicate and reordering. Default 1. */
  readonly seed?: number;
  /** Default: any free port of the loopback interface. */
  readonly grpcPort?: number;
}

/** Pub/Sub on this machine: real clients publish by gRPC, and it pushes over HTTP. Nothing outlives it. */
export class LocalPubsub {
  readonly projectId: string;
  /** What goes wrong on the next calls of the API: `faults.add('Publish', { loseAnswer: true })`. */
  readonly faults = new FaultScripts();
  readonly #topics = new Topics();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Set<DeliveryListener>();
  readonly #timers = new Timers();
  readonly #client = new PushClient();
  readonly #tally = new Tally();
  readonly #grpc = new GrpcEndpoint();
  readonly #random: SeededRandom;
  #profile: PubsubProfile;
  #port = 0;
  #stopped: Promise<void> | undefined;

  private constructor(options: LocalPubsubOptions) {
    this.projectId = options.projectId;
    this.#random = new SeededRandom(options.seed ?? 1);
    this.#profile = { ...pubsubProfiles[options.profile ?? 'fast'], ...options.overrides };
    const publisher = new Protos('@google-cloud/pubsub').service('google.pubsub.v1.Publisher');
    this.#grpc.add(publisher, publisherHandlers(this.#topics, this.faults));
  }

  static async start(options: LocalPubsubOptions): Promise<LocalPubsub> {
    const pubsub = new LocalPubsub(options);
    pubsub.#port = await pubsub.#grpc.listen(options.grpcPort ?? 0);
    return pubsub;
  }

  /** Where the Publisher API is served, by gRPC without TLS. */
  get endpoint(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.#port };
  }

  /** @param id its short name. @throws {RpcError} malformed, or there is one */
  createTopic(id: string): void {
    this.#topics.create(this.#topicName(id));
  }

  /**
   * @param id its short name
   * @throws {ZodError} the options are malformed
   * @throws {RpcError} NOT_FOUND: there is no such topic, or none for dead letters
   */
  createSubscription(id: string, options: SubscriptionOptions): void {
    if (this.#subscriptions.has(id)) throw new TypeError(`there is a subscription ${id}`);
    const config = SubscriptionConfig.parse(options);
    if (config.deadLetter) this.#topics.check(this.#topicName(config.deadLetter.topic));
    const subscription = new Subscription(id, config, this.#random.fork(id), this.#context());
    this.#topics.attach(this.#topicName(config.topic), subscription);
    this.#subscriptions.set(id, subscription);
  }

  /** Publishes without a client, as another part of the platform would. @returns the message's id. @throws {RpcError} */
  publish(topic: string, message: NewMessage): string {
    return this.#topics.publish(this.#topicName(topic), message);
  }

  /** Changes how rough it is, for messages published from now on. */
  disturb(disturbance: Partial<Disturbance>): void {
    this.#profile = { ...this.#profile, ...disturbance };
  }

  /** Holds every push that has not begun. @param id of a subscription. Default: all */
  pause(id?: string): void {
    for (const subscription of this.#select(id)) subscription.pause();
  }

  resume(id?: string): void {
    for (const subscription of this.#select(id)) subscription.resume();
  }

  /** Delivers again what was published since then, of the newest 10,000 messages. */
  seek(id: string, to: 'all' | Date): void {
    this.#get(id).replay(to === 'all' ? new Date(0) : to);
  }

  /** Where pushes that have not begun go. */
  modifyPushEndpoint(id: string, pushEndpoint: string): void {
    this.#get(id).redirect(pushEndpoint);
  }

  /** Deliveries under way or waiting, of one subscription or of all. */
  outstanding(id?: string): number {
    return id === undefined ? this.#tally.count : this.#get(id).outstanding;
  }

  /** Resolves as soon as every delivery is acknowledged or given up; those that are paused keep it waiting. */
  async idle(): Promise<void> {
    await this.#tally.idle();
  }

  /** Tells of each push after its end. @returns how to stop listening */
  onDelivery(listener: DeliveryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every delay, connection and port; what was outstanding is lost. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #close(): Promise<void> {
    this.#timers.stop();
    this.#grpc.close();
    this.resume();
    await this.#client.close();
    await this.#tally.idle();
  }

  #context(): SubscriptionContext {
    return {
      project: this.projectId,
      timers: this.#timers,
      client: this.#client,
      tally: this.#tally,
      profile: () => this.#profile,
      publish: (topic, message) => this.publish(topic, message),
      onDelivery: (delivery) => {
        for (const listener of this.#listeners) listener(delivery);
      },
    };
  }

  #topicName(id: string): string {
    return `projects/${this.projectId}/topics/${id}`;
  }

  #select(id: string | undefined): readonly Subscription[] {
    return id === undefined ? [...this.#subscriptions.values()] : [this.#get(id)];
  }

  #get(id: string): Subscription {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) throw new TypeError(`no subscription ${id}`);
    return subscription;
  }
}
