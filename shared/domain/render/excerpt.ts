import { oneLine } from './one-line.ts';

const excerptLength = 200;

/** One line of a text that may be a whole page. */
export function excerpt(text: string): string {
  return oneLine(text, excerptLength) || 'empty';
}
