/** A part of a text that must not be shown, and what is shown in its place. */
export interface Span {
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly shown: string;
}

/** Overlapping spans are one, which is named by the longest of them, and of these by the first. */
export function replaceSpans(text: string, spans: readonly Span[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, shown } of joined(spans)) {
    pieces.push(text.slice(done, start), shown);
    done = end;
  }
  return spans.length === 0 ? text : pieces.join('') + text.slice(done);
}

function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  let longest = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const length = span.end - span.start;
    const last = all.at(-1);
    if (!last || span.start >= last.end) {
      all.push(span);
      longest = length;
      continue;
    }
    const shown = length > longest ? span.shown : last.shown;
    longest = Math.max(longest, length);
    all[all.length - 1] = { start: last.start, end: Math.max(last.end, span.end), shown };
  }
  return all;
}
