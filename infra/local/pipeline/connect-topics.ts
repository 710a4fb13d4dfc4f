import type { LocalPubsub } from '../pubsub/local-pubsub.ts';
import type { FunctionHost } from './function-host.ts';
import {
  ackDeadlineSeconds,
  defaultMaxDeliveryAttempts,
  type PipelineOptions,
  pushAccountOf,
  retries,
} from './pipeline-options.ts';
import { deadLetterTopic, topics, wires } from './wiring.ts';

/** Creates the topics, and the push subscriptions from them to the functions. */
export function connectTopics(pubsub: LocalPubsub, host: FunctionHost, options: PipelineOptions): void {
  const { projectId, profile = 'fast', retry = retries[profile], auth = 'none' } = options;
  const { maxDeliveryAttempts = defaultMaxDeliveryAttempts } = options;
  for (const topic of topics) pubsub.createTopic(topic);
  for (const { id, topic, to } of wires) {
    const pushEndpoint = host.urlOf(to);
    pubsub.createSubscription(id, {
      topic,
      pushEndpoint,
      ackDeadlineSeconds,
      retry,
      // A dead letter that cannot be recorded is tried for ever: there is nowhere else for it to go.
      ...(topic !== deadLetterTopic && { deadLetter: { topic: deadLetterTopic, maxDeliveryAttempts } }),
      ...(auth === 'iam' && {
        oidc: { serviceAccountEmail: pushAccountOf(projectId), audience: pushEndpoint },
      }),
    });
  }
}
