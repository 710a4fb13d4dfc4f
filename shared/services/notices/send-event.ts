import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import type { ChannelKind } from '../../contracts/notices/notification-config.ts';
import { type NoticeRecord, notices } from '../../contracts/records.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { PermanentError } from '../../domain/errors.ts';
import { runNoticeId } from '../../domain/notices/notice.ts';
import type { NoticeEvent } from '../../domain/notices/notice-event.ts';
import { noticeEventDocument } from '../../output/notice-output.ts';
import type { Ports } from '../../ports/ports.ts';
import { googleChatPayload } from '../../wording/notices/google-chat-payload.ts';
import { slackPayload } from '../../wording/notices/slack-payload.ts';
import type { Delivered } from './outcome.ts';

/** Sends one event to one channel. @throws {PermanentError} the config has no such channel any more */
export async function sendEvent(
  { channel, event, runId }: NoticeRecord,
  { notifications, name }: Pick<ServiceConfig, 'notifications' | 'name'>,
  { notifier, store }: Pick<Ports, 'notifier' | 'store'>,
): Promise<Delivered> {
  const found = notifications.find((one) => one.name === channel);
  if (!found || !event)
    throw new PermanentError(`the config of ${name} has no notification ${channel} any more`);
  const issue = runId && (await store.get(documentIn(notices, runNoticeId(runId, 'issue'))));
  const told = { ...event, issueUrl: issue?.data.told?.url ?? event.issueUrl };
  const { url, secret } = found;
  await notifier.send({ id: event.id, url, secret, body: eventBody(found.kind, told) });
  return { kind: 'done' };
}

/** The body of the request, in JSON. */
export function eventBody(kind: ChannelKind, event: NoticeEvent): string {
  switch (kind) {
    case 'slack':
      return JSON.stringify(slackPayload(event));
    case 'chat':
      return JSON.stringify(googleChatPayload(event));
    case 'webhook':
      return JSON.stringify(noticeEventDocument(event));
    default:
      return assertNever(kind);
  }
}
