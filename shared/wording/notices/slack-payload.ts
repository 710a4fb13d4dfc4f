import type { NoticeEvent } from '../../domain/notices/notice-event.ts';
import { plainText, slackText } from '../safe/chat-text.ts';
import { webAddress } from '../safe/markdown.ts';
import { describeEvent, isUrgent } from './describe-event.ts';
import { eventFacts, eventLinks } from './event-facts.ts';

type PlainText = { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
type Mrkdwn = { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };
type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Mrkdwn }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] };

/** A message of a Slack-compatible incoming webhook. */
export interface SlackPayload {
  /** What notifications and programs without blocks show. */
  readonly text: string;
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly blocks: readonly Block[];
}

const headerLength = 150;
const textLength = 3_000;
const contextLength = 1_000;

/** Slack's limits: 50 blocks; 150 characters in a header, 3,000 in any other text. */
export function slackPayload(event: NoticeEvent): SlackPayload {
  const headline = describeEvent(event);
  const shown = isUrgent(event) ? `⚠ ${headline}` : headline;
  const links = eventLinks(event).flatMap(({ label, address }) => {
    const url = webAddress(address);
    return url === undefined ? [] : [`<${url.replaceAll('&', '&amp;')}|${slackText(label, 100)}>`];
  });
  return {
    text: slackText(`${shown}: ${event.why}`, textLength),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(shown, headerLength) },
      { type: 'section', text: plain(event.why, textLength) },
      {
        type: 'context',
        elements: eventFacts(event).map(({ name, value }) => plain(`${name}: ${value}`, contextLength)),
      },
      ...(links.length > 0
        ? [
            {
              type: 'section' as const,
              text: { type: 'mrkdwn' as const, text: links.join(' · '), verbatim: true as const },
            },
          ]
        : []),
    ],
  };
}

/** Slack refuses an empty text. */
function plain(text: string, max: number): PlainText {
  return { type: 'plain_text', text: plainText(text, max) || '–', emoji: false };
}
