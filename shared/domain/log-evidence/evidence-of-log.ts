import type { Evidence } from '../diagnosis/evidence.ts';
import { hideAcross } from '../redaction/hide-across.ts';
import type { LogEntry } from './log-entry.ts';

/** A longer entry is cut in its middle: an error stands at its beginning or at its end. */
const maxEntryLength = 100_000;
/** Of all entries together; what is beyond is taken from each in equal parts. */
const maxLength = 1_000_000;

/** What entries of a log say, without secrets, also where one goes on from one entry of a stream to the next. */
export function evidenceOfLog(entries: readonly LogEntry[]): readonly Evidence[] {
  const length = entries.reduce((sum, { text }) => sum + Math.min(text.length, maxEntryLength), 0);
  const limit = length <= maxLength ? maxEntryLength : Math.floor(maxLength / entries.length);
  const shown = new Map<LogEntry, string>();
  for (const stream of Map.groupBy(entries, (entry) => entry.stream).values()) {
    const texts = hideAcross(stream.map(({ text }) => cutMiddle(text, limit)));
    for (const [n, entry] of stream.entries()) shown.set(entry, texts[n] ?? '');
  }
  return entries.map((entry) => {
    const { insertId, at, severity, source, stream } = entry;
    return { ref: `log:${insertId}`, source, text: shown.get(entry) ?? '', severity, at, stream };
  });
}

/** Its end begins with a whole word: the rest of a secret would not be recognised. */
function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.slice(-Math.floor(length / 4)).replace(/^\S+/, '');
  return `${text.slice(0, length - end.length)}…${end}`;
}
