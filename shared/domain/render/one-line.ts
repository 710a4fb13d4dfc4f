import { cutText } from './cut-text.ts';

/**
 * Any text as one printable line: without line ends, and without control and formatting characters, which a terminal
 * would interpret.
 *
 * @default length the whole text
 */
export function oneLine(text: string, length = Number.POSITIVE_INFINITY): string {
  // Of a long text more than enough is looked at.
  return cutText(
    text
      .slice(0, 50 * length + 1_000)
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim(),
    length,
  );
}
