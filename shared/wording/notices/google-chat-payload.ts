import type { NoticeEvent } from '../../domain/notices/notice-event.ts';
import { cardText, googleChatText, plainText } from '../safe/chat-text.ts';
import { webAddress } from '../safe/markdown.ts';
import { describeEvent, isUrgent } from './describe-event.ts';
import { eventFacts, eventLinks } from './event-facts.ts';

type Widget =
  | { readonly textParagraph: { readonly text: string } }
  | { readonly decoratedText: { readonly topLabel: string; readonly text: string; readonly wrapText: true } }
  | { readonly buttonList: { readonly buttons: readonly Button[] } };

interface Button {
  readonly text: string;
  readonly onClick: { readonly openLink: { readonly url: string } };
}

/** A message of a Google Chat incoming webhook. */
export interface GoogleChatPayload {
  /** What notifications show. */
  readonly text: string;
  readonly cardsV2: readonly {
    readonly cardId: string;
    readonly card: {
      readonly header: { readonly title: string; readonly subtitle: string };
      readonly sections: readonly { readonly widgets: readonly Widget[] }[];
    };
  }[];
}

/** A message may have 32,000 bytes, and a character up to four. */
const textLength = 2_000;
const headerLength = 200;
const factLength = 400;

export function googleChatPayload(event: NoticeEvent): GoogleChatPayload {
  const headline = describeEvent(event);
  const shown = isUrgent(event) ? `⚠ ${headline}` : headline;
  const buttons = eventLinks(event).flatMap(({ label, address }): Button[] => {
    const url = webAddress(address);
    return url === undefined ? [] : [{ text: label, onClick: { openLink: { url } } }];
  });
  const widgets: readonly Widget[] = [
    { textParagraph: { text: cardText(event.why, textLength) } },
    ...eventFacts(event).map(({ name, value }) => ({
      decoratedText: { topLabel: name, text: cardText(value, factLength), wrapText: true as const },
    })),
    ...(buttons.length > 0 ? [{ buttonList: { buttons } }] : []),
  ];
  return {
    text: googleChatText(shown, headerLength),
    cardsV2: [
      {
        cardId: plainText(event.id, 100),
        card: {
          header: { title: plainText(shown, headerLength), subtitle: event.kind },
          sections: [{ widgets }],
        },
      },
    ],
  };
}
