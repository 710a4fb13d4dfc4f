import type { NewMessage, StoredMessage } from './stored-message.ts';

/** A message that was given up, with the attributes by which Pub/Sub says where it comes from. */
export function deadLetterOf(
  message: StoredMessage,
  source: { readonly project: string; readonly subscription: string; readonly attempts: number },
): NewMessage {
  return {
    data: message.data,
    orderingKey: message.orderingKey,
    attributes: {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(source.attempts),
      CloudPubSubDeadLetterSourceSubscription: source.subscription,
      CloudPubSubDeadLetterSourceSubscriptionProject: source.project,
      CloudPubSubDeadLetterSourceTopicPublishTime: message.publishTime.toISOString(),
    },
  };
}
