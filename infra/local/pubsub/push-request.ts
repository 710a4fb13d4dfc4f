import { oidcToken } from './oidc-token.ts';
import type { StoredMessage } from './stored-message.ts';
import type { SubscriptionConfig } from './subscription-config.ts';

export interface PushRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PushedFrom {
  /** `projects/{p}/subscriptions/{s}` */
  readonly subscription: string;
  readonly config: SubscriptionConfig;
  /** Counts from 1. */
  readonly attempt: number;
}

/** One delivery of a message as an HTTP POST. */
export function pushRequest(message: StoredMessage, from: PushedFrom, now = new Date()): PushRequest {
  const { config } = from;
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(config.format === 'push' ? pushHeaders : eventHeaders(message)),
      ...(config.oidc && { authorization: `Bearer ${token(config, config.oidc, now)}` }),
    },
    body: JSON.stringify(envelope(message, from)),
  };
}

const pushHeaders = { from: 'noreply@google.com', 'user-agent': 'CloudPubSub-Google' };

/** A CloudEvent in binary mode, as Eventarc sends it. */
function eventHeaders({ messageId, topic, publishTime }: StoredMessage): Record<string, string> {
  return {
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'ce-id': messageId,
    'ce-source': `//pubsub.googleapis.com/${topic}`,
    'ce-specversion': '1.0',
    'ce-time': publishTime.toISOString(),
    'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
  };
}

/** Both spellings of the id and the time, as Pub/Sub sends them; the attempt only where a dead letter counts them. */
function envelope(message: StoredMessage, { subscription, config, attempt }: PushedFrom): object {
  const { messageId, orderingKey } = message;
  const publishTime = message.publishTime.toISOString();
  return {
    ...(config.deadLetter && { deliveryAttempt: attempt }),
    message: {
      attributes: message.attributes,
      data: Buffer.from(message.data).toString('base64'),
      messageId,
      message_id: messageId,
      ...(orderingKey !== '' && { orderingKey }),
      publishTime,
      publish_time: publishTime,
    },
    subscription,
  };
}

function token(
  { pushEndpoint }: SubscriptionConfig,
  { serviceAccountEmail, audience = pushEndpoint }: NonNullable<SubscriptionConfig['oidc']>,
  now: Date,
): string {
  return oidcToken({ email: serviceAccountEmail, audience }, now);
}
