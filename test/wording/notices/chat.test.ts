import { describe, expect, it } from '@jest/globals';
import type { NoticeEvent } from '../../../shared/domain/notices/notice-event.ts';
import { noticeEventKinds } from '../../../shared/domain/notices/notice-event.ts';
import { noticeEventDocument } from '../../../shared/output/notice-output.ts';
import { describeEvent } from '../../../shared/wording/notices/describe-event.ts';
import { googleChatPayload } from '../../../shared/wording/notices/google-chat-payload.ts';
import { slackPayload } from '../../../shared/wording/notices/slack-payload.ts';
import { cardText, slackText } from '../../../shared/wording/safe/chat-text.ts';
import { events } from './events.ts';
import { hostilePieces, hostileTexts } from './hostile-texts.ts';
import { actingIn } from './safe-markdown.ts';

const outside = [...hostilePieces, ...hostileTexts(11, 300), '<'.repeat(300_000), '|*'.repeat(100_000)];
/** The headline of a promotion names the actor. */
const hostile = outside.map(
  (why, n): NoticeEvent => ({
    ...events[n % 2 === 0 ? 'rolled-back' : 'promoted'],
    why,
    actor: outside[n + 1] ?? '',
    undo: outside[n + 2] ?? '',
    reportUrl: `https://evil.example.com/${outside[n + 3] ?? ''}`,
    issueUrl: outside[n + 4] ?? '',
  }),
);

describe('a message for Slack', () => {
  it('says what happened, and has its links', () => {
    const { text, blocks } = slackPayload(events['rolled-back']);
    expect(text).toMatch(/^web: rolled back web-2: traffic is back on web-1: HTTP 503/);
    expect(JSON.stringify(blocks)).toContain(
      '<https://deploy-loop.example.com/runs/0733e0d708b11b8bc2db?a=1&amp;b=2|Report> · <https://github.com/acme/shop/issues/12|Issue>',
    );
  });

  it('keeps the limits, whatever is told', () => {
    for (const payload of hostile.map(slackPayload)) {
      expect(payload.blocks.length).toBeLessThanOrEqual(50);
      expect(payload.text.length).toBeLessThanOrEqual(3_000);
      for (const block of payload.blocks) {
        if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
        if (block.type === 'context') expect(block.elements.length).toBeLessThanOrEqual(10);
        for (const { text } of block.type === 'context' ? block.elements : [block.text]) {
          expect(text.length).toBeLessThanOrEqual(3_000);
          expect(text).not.toBe('');
        }
      }
    }
  });

  it('mentions and links nothing from outside', () => {
    for (const { text, blocks } of hostile.map(slackPayload)) {
      expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      expect(actingIn(text)).toEqual([]);
      for (const block of blocks) {
        if (block.type !== 'section' || block.text.type !== 'mrkdwn') continue;
        expect(block.text.text).toMatch(/^(?:<https:\/\/[^<>|\s]+\|(?:Report|Issue)>(?: · )?)+$/);
      }
    }
  });

  it('is never cut inside an entity', () => {
    expect(slackText('a<b', 5)).toBe('a…');
    expect(cardText('<'.repeat(99), 41)).toMatch(/^(?:&lt;)+…$/);
  });
});

describe('a message for Google Chat', () => {
  it('keeps the limit of a message, whatever is told', () => {
    const sizes = hostile.map((event) => Buffer.byteLength(JSON.stringify(googleChatPayload(event))));
    expect(Math.max(...sizes)).toBeLessThan(32_000);
  });

  it('mentions and links nothing from outside', () => {
    for (const { text, cardsV2 } of hostile.map(googleChatPayload)) {
      expect(text).not.toMatch(/<users|:\/\//);
      for (const { card } of cardsV2) {
        const [section] = card.sections;
        for (const widget of section?.widgets ?? []) {
          if ('textParagraph' in widget) expect(widget.textParagraph.text).not.toMatch(/[<>]/);
          if ('decoratedText' in widget) expect(widget.decoratedText.text).not.toMatch(/[<>]/);
        }
      }
    }
  });
});

describe('an event', () => {
  it.each(noticeEventKinds)('of the kind %s has words, and the same ones everywhere', (kind) => {
    const headline = describeEvent(events[kind]);
    expect(headline).toMatch(/^(?:web|all services): \S/);
    expect(noticeEventDocument(events[kind]).headline).toBe(headline);
    const [header] = slackPayload(events[kind]).blocks;
    expect(JSON.stringify(header).replaceAll('\u200b', '')).toContain(headline);
  });

  it('shows no secret to any of them', () => {
    const event = { ...events.promoted, why: 'token=ghp_16C7e42F292c6912E7710c838347Ae178B4a' };
    for (const body of [slackPayload(event), googleChatPayload(event), noticeEventDocument(event)])
      expect(JSON.stringify(body)).not.toContain('ghp_');
  });
});
