import { z } from 'zod';

/** A Pub/Sub message that cannot be used; delivering it again would not help. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** 1 MiB of data in base64, and some room for the envelope. */
export const maxBodyBytes = 1_400_000;

const MessageSchema = z.object({
  data: z.string(),
  attributes: z.record(z.string(), z.string()).default({}),
  messageId: z.string().default(''),
});

const PushSchema = z.object({
  message: MessageSchema,
  subscription: z.string().default(''),
  /** Only where the subscription has a dead-letter topic; 1 is the first. */
  deliveryAttempt: z.int().min(1).optional(),
});

/** As pushed (raw, or as the body of a binary CloudEvent), as pulled by gcloud, or the bare message. */
const EnvelopeSchema = z.union([
  PushSchema,
  z.tuple([PushSchema]).transform(([only]) => only),
  MessageSchema.transform((message) => PushSchema.parse({ message })),
]);

/** One delivery of one Pub/Sub message. */
export interface Delivery {
  /** The message's data as JSON; untrusted, since every publisher of the topic may have written it. */
  readonly data: unknown;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
  /** `projects/{p}/subscriptions/{s}`, or empty. */
  readonly subscription: string;
  readonly deliveryAttempt: number | undefined;
}

/**
 * Reads a Pub/Sub message from parsed JSON.
 * @throws {MessageError} naming the fault
 */
export function readDelivery(body: unknown): Delivery {
  const envelope = EnvelopeSchema.safeParse(body);
  if (!envelope.success) {
    throw new MessageError(
      'not a Pub/Sub message: expected {"message": {"data": "<base64>", "attributes": {…}}}',
    );
  }
  const { message, subscription, deliveryAttempt } = envelope.data;
  const { attributes, messageId } = message;
  return { data: decodeJson(message.data), attributes, messageId, subscription, deliveryAttempt };
}

function decodeJson(data: string): unknown {
  if (data.length > maxBodyBytes) throw new MessageError('data is larger than 1 MiB');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 !== 0)
    throw new MessageError('data is not base64');
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new MessageError('data is not base64 of UTF-8 JSON', { cause: error });
  }
}
