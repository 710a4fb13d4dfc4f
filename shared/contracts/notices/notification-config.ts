import { z } from 'zod';
import { noticeEventKinds } from '../../domain/notices/notice-event.ts';
import { SecretSourceSchema } from '../suites/secret-source.ts';

/** `slack`: also what takes Slack's incoming webhooks; `chat`: Google Chat; `webhook`: our own document, signed. */
export const channelKinds = ['slack', 'chat', 'webhook'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Where people or their tools are told of events. */
export const NotificationSchema = z
  .strictObject({
    /** Part of the ids of records: it also tells that an event was sent there. */
    name: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/, 'lower-case letters, digits and dashes, at most 30'),
    kind: z.enum(channelKinds),
    /** The URL is a secret itself: whoever has it may post. */
    url: SecretSourceSchema,
    /** The key of the signature. */
    secret: SecretSourceSchema.optional(),
    events: z
      .array(z.enum(noticeEventKinds))
      .min(1)
      .default([...noticeEventKinds]),
  })
  .superRefine(({ kind, secret }, context) => {
    const fault = (message: string) => context.addIssue({ code: 'custom', path: ['secret'], message });
    if (kind === 'webhook' && !secret) fault('a webhook is signed: name the secret of its signature');
    if (kind !== 'webhook' && secret) fault(`${kind} takes no signature: leave the secret out`);
  });
export type NotificationConfig = z.infer<typeof NotificationSchema>;

export const NotificationsSchema = z
  .array(NotificationSchema)
  .max(10)
  .refine(
    (list) => new Set(list.map(({ name }) => name)).size === list.length,
    'give each notification a name of its own',
  );
