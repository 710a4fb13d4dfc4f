import { capText } from '../../domain/render/cut-text.ts';
import { cleanedLine, defused } from './defuse.ts';

/** A text for a field that is shown as it stands: titles, descriptions, Slack's `plain_text`. */
export function plainText(outside: string, max: number): string {
  return capText(defused(cleanedLine(outside, max)), max);
}

/**
 * A text for Slack's mrkdwn: no mention (`<!channel>`, `<@U1>`), no link, and no formatting.
 * @see https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function slackText(outside: string, max: number): string {
  const unmarked = plainText(outside, max).replace(/[*_~`]|:(?=\/\/)|www(?=\.)/gi, '$&\u200b');
  return escapedTo(unmarked, max);
}

/** A text for a paragraph of a Google Chat card, which knows a little HTML. */
export function cardText(outside: string, max: number): string {
  return escapedTo(plainText(outside, max), max);
}

/** A text for the message itself in Google Chat, which knows no escapes: `<users/all>` is a mention there. */
export function googleChatText(outside: string, max: number): string {
  return capText(plainText(outside, max).replace(/[<*_~`]|:(?=\/\/)/g, '$&\u200b'), max);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Never cut inside an entity. */
function escapedTo(unescaped: string, max: number): string {
  const escaped = unescaped.replace(/[&<>]/g, (character) => entities[character] ?? character);
  return escaped.length <= max
    ? escaped
    : escapedTo(capText(unescaped, Math.floor(unescaped.length * 0.8)), max);
}
