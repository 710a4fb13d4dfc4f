import { countOf } from '../../domain/render/count-of.ts';
import { joined, Markdown, md } from './markdown.ts';

/** A part of a document with a heading. */
export interface Section {
  /** Absent: the head of the document. */
  readonly heading?: string | undefined;
  /** What may be left out, one by one from the end. */
  readonly parts: readonly Markdown[];
  /** What is left out last has the lowest rank. */
  readonly rank: number;
  /** True: it is folded up until a reader opens it. */
  readonly isFolded?: boolean | undefined;
}

const gap = 2;
/** Room for the sentence that says what was left out. */
const noteLength = 2_000;

/**
 * One document of at most `max` characters. Parts are whole or left out, the least important first, so that nothing is
 * cut in the middle of a block; a last line names what is missing. Sections without parts are left out silently.
 */
export function assemble(sections: readonly Section[], max: number): Markdown {
  let left = max - noteLength;
  const kept = new Map<Section, Markdown[]>();
  for (const section of sections.toSorted((a, b) => a.rank - b.rank)) {
    const inside: Markdown[] = [];
    let frame = frameOf(section, []).source.length + gap;
    for (const part of section.parts) {
      const size = frame + part.source.length + gap;
      if (size > left) break;
      left -= size;
      frame = 0;
      inside.push(part);
    }
    kept.set(section, inside);
  }
  const shown = sections.flatMap((section) => {
    const inside = kept.get(section) ?? [];
    return inside.length > 0 ? [frameOf(section, inside)] : [];
  });
  const missing = sections.flatMap((section) => missingIn(section, kept.get(section) ?? []));
  return joined([
    ...shown,
    ...(missing.length > 0 ? [md`*Left out for its length: ${missing.join(', ')}.*`] : []),
  ]);
}

function frameOf({ heading, isFolded }: Section, parts: readonly Markdown[]): Markdown {
  if (heading === undefined) return joined(parts);
  if (!isFolded) return joined([md`### ${heading}`, ...parts]);
  const summary = new Markdown(`<details><summary>${md`${heading}`.source}</summary>`);
  return joined([summary, ...parts, new Markdown('</details>')]);
}

function missingIn({ heading = 'the head', parts }: Section, kept: readonly Markdown[]): readonly string[] {
  const count = parts.length - kept.length;
  if (count <= 0) return [];
  return [kept.length === 0 ? heading : `${countOf(count, 'entry', 'entries')} of ${heading}`];
}
