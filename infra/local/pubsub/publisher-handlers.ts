import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { FaultScripts } from '../faults.ts';
import { unary } from '../grpc/unary.ts';
import { invalidArgument } from '../rpc-error.ts';
import type { Topics } from './topics.ts';

const TopicRequest = z.object({ name: z.string() });
const GetRequest = z.object({ topic: z.string() });
const PublishRequest = z.object({
  topic: z.string(),
  messages: z.array(
    z.object({
      data: z.instanceof(Uint8Array),
      attributes: z.record(z.string(), z.string()),
      orderingKey: z.string(),
    }),
  ),
});

/** google.pubsub.v1.Publisher, as far as publishing needs it. */
export function publisherHandlers(topics: Topics, faults: FaultScripts): UntypedServiceImplementation {
  return {
    createTopic: unary('CreateTopic', faults, TopicRequest, ({ name }) => {
      topics.create(name);
      return { name };
    }),
    getTopic: unary('GetTopic', faults, GetRequest, ({ topic }) => {
      topics.check(topic);
      return { name: topic };
    }),
    publish: unary('Publish', faults, PublishRequest, ({ topic, messages }) => {
      topics.check(topic);
      if (messages.length === 0) throw invalidArgument('The value for message_count is too small.');
      return { messageIds: messages.map((message) => topics.publish(topic, message)) };
    }),
  };
}
