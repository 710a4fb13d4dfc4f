import { hideSecrets } from '../redaction/hide-secrets.ts';
import { oneLine } from './one-line.ts';

const excerptLength = 200;

/** One line of a text that may be a whole page. */
export function excerpt(text: string): string {
  return shortened(text, excerptLength) || 'empty';
}

/** The same, empty if the text is. Once it is cut, what is left of a secret might look like none. */
export function shortened(text: string, length: number): string {
  return oneLine(hideSecrets(text), length);
}
