import type { v1 } from '@google-cloud/pubsub';
import type { Hop, MessageOf } from '../../contracts/messages.ts';
import { topicOf } from '../../contracts/topics.ts';
import type { MessageBus } from '../../ports/message-bus.ts';
import { type GoogleOptions, googleClientOptions } from '../google/client-options.ts';
import { LazyClient } from '../google/lazy-client.ts';
import { retryFor } from './retry-for.ts';

/** Without `endpoint`: Google. This client ignores the variable PUBSUB_EMULATOR_HOST. */
export interface PubsubBusOptions extends GoogleOptions {
  /** The project of the topics. */
  readonly projectId: string;
  /** What precedes the hop in the name of its topic. Default: `deploy-loop-`. */
  readonly topicPrefix?: string | undefined;
  /** Attributes added to each message besides `hop`: the trace that it belongs to. Called at each publish. */
  readonly traceContext?: (() => Readonly<Record<string, string>>) | undefined;
  /** The time limit of one publish with all its attempts, in ms. Default: 8000. */
  readonly timeoutMs?: number | undefined;
}

const defaultTimeoutMs = 8_000;

/** After a long outage the channel would not reconnect for up to two minutes, and refuse every call meanwhile. */
const reconnectSoon = { 'grpc.max_reconnect_backoff_ms': 1_000 };

/**
 * Pub/Sub by Google's own client, over gRPC. Each message is published at once, in a request of its own: the client's
 * PubSub class would wait to fill a batch, and a function gets no CPU after its response.
 */
export class PubsubBus implements MessageBus {
  readonly #options: PubsubBusOptions;
  readonly #client: LazyClient<v1.PublisherClient>;

  constructor(options: PubsubBusOptions) {
    this.#options = options;
    this.#client = new LazyClient(async () => {
      const { v1 } = await import('@google-cloud/pubsub');
      return new v1.PublisherClient({ ...(await googleClientOptions(options)), ...reconnectSoon });
    });
  }

  /**
   * Resolves when Pub/Sub has stored the message, perhaps more than once.
   *
   * @throws {TransientError} Pub/Sub did not confirm it within the timeout
   * @throws {PermanentError} there is no such topic, or this account may not publish to it
   */
  async publish<H extends Hop>(hop: H, message: MessageOf<H>): Promise<void> {
    const { projectId, topicPrefix, traceContext, timeoutMs = defaultTimeoutMs } = this.#options;
    const topic = topicName(projectId, hop, topicPrefix);
    const data = Buffer.from(JSON.stringify(message));
    const messages = [{ data, attributes: { ...traceContext?.(), hop } }];
    await retryFor(timeoutMs, `Publish on ${topic}`, async (options) => {
      const client = await this.#client.get();
      await client.publish({ topic, messages }, options);
    });
  }

  /** Releases the sockets. The next publish opens them again. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** `projects/{projectId}/topics/{prefix}{hop}`: one topic for each hop. */
function topicName(projectId: string, hop: Hop, prefix?: string): string {
  return `projects/${projectId}/topics/${topicOf(hop, prefix)}`;
}
