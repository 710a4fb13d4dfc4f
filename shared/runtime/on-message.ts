import type { z } from 'zod';
import type { Hop, MessageOf } from '../contracts/messages.ts';
import type { Delivery } from '../contracts/pubsub-message.ts';
import type { Ports } from '../ports/ports.ts';
import { handleMessage } from './handle-message.ts';
import { onPush } from './on-push.ts';

/**
 * Registers one hop as a function.
 * @param read turns a delivery into the hop's message; undefined: nothing is to be done
 */
export function onMessage<H extends Hop>(
  hop: H,
  schema: z.ZodType<MessageOf<H>>,
  service: (message: MessageOf<H>, ports: Ports) => Promise<void>,
  read: (delivery: Delivery) => unknown = (delivery) => delivery.data,
): void {
  onPush(hop, async (delivery, ports) => {
    const message = read(delivery);
    if (message !== undefined) await handleMessage(hop, schema, message, service, ports);
  });
}
