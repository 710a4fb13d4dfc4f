import { z } from 'zod';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';

/** A text that others wrote, wholly or in part. What looks like a secret is neither stored nor read. */
export const OutsideText = z.string().overwrite(hideSecrets);

/** The same in one line: no text of others can look like a line of ours. */
export const OutsideLine = OutsideText.overwrite(joinLines);

function joinLines(text: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]+/);
  return lines.length === 1 ? text : lines.map((line) => line.trim()).join(' ');
}
