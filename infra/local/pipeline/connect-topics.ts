import { topology } from '../../topology.ts';
import type { LocalPubsub } from '../pubsub/local-pubsub.ts';
import type { FunctionHost } from './function-host.ts';
import {
  defaultMaxDeliveryAttempts,
  type PipelineOptions,
  pushAccountOf,
  retries,
} from './pipeline-options.ts';
import { topics, wires } from './wiring.ts';

/** Creates the topics, and the push subscriptions from them to the functions. */
export function connectTopics(pubsub: LocalPubsub, host: FunctionHost, options: PipelineOptions): void {
  const { projectId, profile = 'fast', retry = retries[profile], auth = 'none' } = options;
  const { maxDeliveryAttempts = defaultMaxDeliveryAttempts } = options;
  for (const topic of topics) pubsub.createTopic(topic);
  for (const { id, topic, to, deadLetters } of wires) {
    const pushEndpoint = host.urlOf(to);
    pubsub.createSubscription(id, {
      topic,
      pushEndpoint,
      ackDeadlineSeconds: topology.delivery.ackDeadlineSeconds,
      retry,
      ...(deadLetters && { deadLetter: { topic: topology.deadLetterTopic, maxDeliveryAttempts } }),
      ...(auth === 'iam' && {
        oidc: { serviceAccountEmail: pushAccountOf(projectId), audience: pushEndpoint },
      }),
    });
  }
}
