import { cutText } from './cut-text.ts';

/**
 * Text from anywhere as one printable line: without line ends, control and formatting characters, which a terminal
 * would act on.
 *
 * @default length the whole text
 */
export function oneLine(text: string, length = Number.POSITIVE_INFINITY): string {
  return cutText(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim(), length);
}
