import { z } from 'zod';

type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

const filterPattern = /^attributes\.([A-Za-z_][\w-]*) = "([^"\\]*)"$/;

/** @param text `attributes.key = "value"`; the rest of Pub/Sub's language is not known. @throws {TypeError} */
function parseFilter(text: string): Filter {
  const [, key, value] = filterPattern.exec(text) ?? [];
  if (key === undefined) throw new TypeError(`not a filter of the form attributes.key = "value": ${text}`);
  return (attributes) => attributes[key] === value;
}

/** A push subscription, by the names that Pub/Sub has for its parts. Bounds of Pub/Sub that only slow a test down are not checked. */
export const SubscriptionConfig = z.strictObject({
  /** The topic's short name. */
  topic: z.string(),
  /** `*.localhost` names are this machine. */
  pushEndpoint: z.url({ protocol: /^https?$/ }),
  /** Until when a push must be answered; also below the 10 s that Pub/Sub demands. */
  ackDeadlineSeconds: z.number().positive().max(600).default(10),
  /** Doubled from the one to the other. Default: the profile's. */
  retry: z
    .strictObject({ minBackoffMs: z.number().nonnegative(), maxBackoffMs: z.number().nonnegative() })
    .optional(),
  /** Absent: delivered until it is acknowledged. Pub/Sub demands 5 attempts or more. */
  deadLetter: z
    .strictObject({ topic: z.string(), maxDeliveryAttempts: z.int().positive().max(100) })
    .optional(),
  /** `attributes.key = "value"`; what does not match counts as acknowledged. */
  filter: z.string().transform(parseFilter).optional(),
  /** Sends an ID token as Cloud Run hands it to a container after its own check. Default audience: the endpoint. */
  oidc: z.strictObject({ serviceAccountEmail: z.string(), audience: z.string().optional() }).optional(),
  /** `push`: as Pub/Sub itself delivers. `cloudevent`: as Eventarc does, in binary mode. */
  format: z.enum(['push', 'cloudevent']).default('push'),
  /** Pushes at the same time. */
  maxPushes: z.int().positive().default(64),
});
export type SubscriptionConfig = z.output<typeof SubscriptionConfig>;
export type SubscriptionOptions = z.input<typeof SubscriptionConfig>;
