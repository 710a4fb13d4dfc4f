import type { z } from 'zod';
import { type Hop, type MessageOf, messageSchemas } from '../contracts/messages.ts';
import { describeError, isRetryable } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import { recordRejection } from '../services/records/record-rejection.ts';
import { type HopService, hopTable } from './hops.ts';

const schemas: { readonly [H in Hop]: z.ZodType<MessageOf<H>> } = messageSchemas;

/**
 * Parses a message and passes it to its service. A permanent error is recorded and the message acknowledged: another
 * delivery would fail again.
 * @throws an error that a later delivery may fix
 */
export async function handleMessage<H extends Hop>(
  hop: H,
  message: unknown,
  service: HopService<H>,
  ports: Ports,
): Promise<void> {
  const parsed = schemas[hop].safeParse(message);
  if (!parsed.success) {
    const text = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return recordRejection(hop, hop, { code: 'malformed', text }, ports);
  }
  try {
    await service(parsed.data, ports);
  } catch (error) {
    if (isRetryable(error)) throw error;
    await recordRejection(
      hop,
      JSON.stringify(parsed.data),
      { code: 'permanent', text: describeError(error) },
      ports,
    );
  }
}

/** Handles an unparsed message. @throws an error that a later delivery may fix */
export type HandleMessage = (message: unknown, ports: Ports) => Promise<void>;

/** Loads the service of one hop. */
export async function openHop<H extends Hop>(hop: H): Promise<HandleMessage> {
  const service = await hopTable[hop].load();
  return (message, ports) => handleMessage(hop, message, service, ports);
}
