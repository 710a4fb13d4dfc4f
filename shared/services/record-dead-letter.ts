import { idsOf } from '../contracts/message-ids.ts';
import type { Delivery } from '../contracts/pubsub-message.ts';
import type { Reason } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { recordRejection } from './records/record-rejection.ts';

/** Pub/Sub's attributes that say where a dead letter comes from. */
const sourceAttribute = 'CloudPubSubDeadLetterSourceSubscription';
const attemptsAttribute = 'CloudPubSubDeadLetterSourceDeliveryCount';

/**
 * Records a message that Pub/Sub has given up: the sweep continues its run, and a human can see why that was needed.
 */
export async function recordDeadLetter(
  delivery: Delivery,
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
): Promise<void> {
  const { attributes, messageId, data } = delivery;
  const source = attributes[sourceAttribute] ?? 'unknown subscription';
  const attempts = attributes[attemptsAttribute] ?? 'several';
  const reason: Reason = { code: 'dead-letter', text: `dropped by ${source} after ${attempts} deliveries` };
  await recordRejection('record-dead-letter', `${messageId} ${JSON.stringify(idsOf(data))}`, reason, ports);
}
