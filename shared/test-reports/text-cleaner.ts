import type { DecodedText } from './decode-text.ts';
import { pictureOf } from './printable.ts';
import type { ProblemList } from './problem-list.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const illegal = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const everyIllegal = new RegExp(illegal, 'g');

/**
 * Makes characters visible that neither XML nor JSON allows, so that a report with some can be read, and reports them.
 */
export class TextCleaner {
  readonly #problems: ProblemList;
  #line = 1;
  #column = 1;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  clean({ text, fault }: DecodedText): string {
    if (fault !== undefined) this.#tell('bad-encoding', fault, text, /\uFFFD/g);
    const clean = !illegal.test(text);
    if (!clean)
      this.#tell(
        'illegal-character',
        'a control character that is not allowed in a report',
        text,
        everyIllegal,
      );
    this.#pass(text, text.length);
    return clean ? text : text.replace(everyIllegal, pictureOf);
  }

  #tell(kind: 'bad-encoding' | 'illegal-character', message: string, text: string, every: RegExp): void {
    const count = Math.max(1, countMatches(text, every));
    const locate = () => {
      const index = Math.max(0, text.search(every));
      const before = text.slice(0, index);
      const lastBreak = before.lastIndexOf('\n');
      const breaks = before.split('\n').length - 1;
      return {
        line: this.#line + breaks,
        column: lastBreak === -1 ? this.#column + index : index - lastBreak,
      };
    };
    this.#problems.add(kind, message, locate, count);
  }

  #pass(text: string, length: number): void {
    let lastBreak = -1;
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) {
      this.#line += 1;
      lastBreak = i;
    }
    this.#column = lastBreak === -1 ? this.#column + length : length - lastBreak;
  }
}

/** Builds no list of them: the text may consist of nothing else. */
function countMatches(text: string, every: RegExp): number {
  let count = 0;
  every.lastIndex = 0;
  while (every.test(text)) count += 1;
  return count;
}
