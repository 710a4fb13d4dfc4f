import { findSecrets } from './hide-secrets.ts';
import { layerOf } from './layer.ts';
import { replaceSpans, type Span } from './spans.ts';

/** A value is yet to come: `password=`, `"password": "`. */
const awaitsValue = /=[ \t]*["'`]?$|:[ \t]*["'`]$/;
/** It goes on in the middle of a token, or is one word alone. */
const goesOn = /^(?:[\w+/=.-]{20}|[\w+/=.-]+(?:["'\\,;)}\]]|[ \t]*(?:[\r\n]|$)))/;

/**
 * Removes secrets from texts that follow each other, such as the entries of a log, also those that go on from one text
 * to the next: a private key with a line in each, a token that was cut, a name whose value is in the next text. Linear
 * in time.
 *
 * @returns as many texts, in the same order
 */
export function hideAcross(texts: readonly string[]): readonly string[] {
  const asLines = texts.map((_, n) => (n === 0 ? '' : '\n'));
  const asOne = texts.map((text, n) => (n === 0 || isCut(texts[n - 1] ?? '', text) ? '' : '\n'));
  const found = [asLines, asOne].map((borders) => spansOf(texts, borders));
  return texts.map((text, n) =>
    replaceSpans(
      text,
      found.flatMap((of) => of[n] ?? []),
    ),
  );
}

function isCut(before: string, after: string): boolean {
  return awaitsValue.test(before.slice(-20)) || goesOn.test(after);
}

/** What is secret of each text, once they are joined. @param borders what stands before each of them */
function spansOf(texts: readonly string[], borders: readonly string[]): readonly (readonly Span[])[] {
  const joined = texts.map((text, n) => `${borders[n]}${text}`).join('');
  const spans = findSecrets(layerOf(joined, false)).toSorted((a, b) => a.start - b.start);
  const found: Span[][] = [];
  let from = 0;
  let next = 0;
  for (const [n, text] of texts.entries()) {
    const start = from + (borders[n] ?? '').length;
    const end = start + text.length;
    while ((spans[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next++;
    const own: Span[] = [];
    for (let at = next; at < spans.length; at++) {
      const span = spans[at];
      if (!span || span.start >= end) break;
      if (span.end > start)
        own.push({
          ...span,
          start: Math.max(span.start, start) - start,
          end: Math.min(span.end, end) - start,
        });
    }
    found.push(own);
    from = end;
  }
  return found;
}
