import { cleaned, cleanedLine, defused } from './defuse.ts';

/** Markdown that is safe to send: our own words, and texts from outside that have been escaped. */
export class Markdown {
  readonly source: string;

  /** @param source ours, or escaped; all else goes through `md` */
  constructor(source: string) {
    this.source = source;
  }
}

/** A text is escaped, and Markdown is not. */
export type Content = string | number | Markdown;

const textLength = 1_000;
const codeLength = 300;
const addressLength = 1_200;

/** Our words in Markdown, with contents: md`**${service}** failed: ${detail}`. */
export function md(words: TemplateStringsArray, ...contents: readonly Content[]): Markdown {
  return new Markdown(String.raw({ raw: words }, ...contents.map((content) => sourceOf(content))));
}

function sourceOf(content: Content): string {
  return content instanceof Markdown ? content.source : text(String(content)).source;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' };

/**
 * A text as it is, on one line: nothing in it is a link, an image, HTML, a mention or any other Markdown. A column's
 * border is none either.
 * @default max 1,000 characters
 */
export function text(outside: string, max = textLength): Markdown {
  const unlinked = defused(cleanedLine(outside, max)).replace(/:(?=\/\/)|www(?=\.)/gi, '$&\u200b');
  const escaped = unlinked
    .replace(/[\\`*_[\]~#$]/g, '\\$&')
    .replace(/[&<>|]/g, (character) => entities[character] ?? character)
    .replace(/^(?:[-+=]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
  return new Markdown(escaped);
}

/**
 * A name or another short text as code. One that a table or a paragraph could not hold as code is plain.
 * @default max 300 characters
 */
export function code(outside: string, max = codeLength): Markdown {
  const line = defused(cleanedLine(outside, max));
  if (line === '' || /[|`]/.test(line)) return text(outside, max);
  return new Markdown(`\`${line}\``);
}

/** A block of code of any content. */
export function fence(outside: string, max: number): Markdown {
  return block(defused(cleaned(outside, max)), '');
}

/**
 * Commands to be pasted: nothing is added to them. What is from outside must be quoted for the shell.
 * @see quoteForShell
 */
export function commands(...lines: readonly string[]): Markdown {
  return block(cleaned(lines.join('\n'), 4_000), 'sh');
}

function block(content: string, language: string): Markdown {
  const runs = [...content.matchAll(/`+/g)].map(([run]) => run.length);
  const marks = '`'.repeat(Math.max(3, ...runs.map((run) => run + 1)));
  return new Markdown(`${marks}${language}\n${content}\n${marks}`);
}

/** A link; only its label where the address is not one of the web. */
export function link(label: Content, address: string): Markdown {
  const url = webAddress(address);
  return url === undefined
    ? md`${label}`
    : new Markdown(`[${sourceOf(label)}](${url.replaceAll('&', '&amp;')})`);
}

/** An address of the web that no format can be left from; undefined: it is none. */
export function webAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, href } = new URL(address);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return undefined;
  const plain = href.replace(/[^\w\-.~:/?#=&%+,;]/g, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
  return plain.length <= addressLength ? plain : undefined;
}

/** @param head its first row, in bold */
export function table(head: readonly Content[], rows: readonly (readonly Content[])[]): Markdown {
  const line = (cells: readonly Content[]) => `| ${cells.map(sourceOf).join(' | ')} |`;
  return new Markdown([line(head), line(head.map(() => new Markdown('---'))), ...rows.map(line)].join('\n'));
}

export function list(items: readonly Content[]): Markdown {
  return new Markdown(items.map((item) => `- ${sourceOf(item)}`).join('\n'));
}

export function numbered(items: readonly Content[]): Markdown {
  return new Markdown(items.map((item, n) => `${n + 1}. ${sourceOf(item)}`).join('\n'));
}

/** @default separator an empty line, so that each is a paragraph of its own */
export function joined(parts: readonly Content[], separator = '\n\n'): Markdown {
  return new Markdown(parts.map(sourceOf).join(separator));
}
