import type { Position } from '../results-problem.ts';
import { maxReferenceLength } from './xml-references.ts';

/** The part of a document that has arrived and is not used up, and its position in the whole. */
export class TextWindow {
  text = '';
  /** The text before this position is used up. */
  at = 0;
  ended = false;
  #line = 1;
  #column = 1;
  #dropped = false;

  append(text: string): void {
    ({ line: this.#line, column: this.#column } = this.locate(this.at));
    this.#dropped ||= this.at > 0;
    this.text = this.text.slice(this.at) + text;
    this.at = 0;
  }

  get length(): number {
    return this.text.length;
  }

  get isDocumentStart(): boolean {
    return this.at === 0 && !this.#dropped;
  }

  locate(index: number): Position {
    let line = this.#line;
    let lineStart = 1 - this.#column;
    for (let i = this.text.indexOf('\n'); i !== -1 && i < index; i = this.text.indexOf('\n', i + 1)) {
      line += 1;
      lineStart = i + 1;
    }
    return { line, column: index - lineStart + 1 };
  }

  /** Matches a sticky pattern at the first unused character. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  /** Where to stop if text continues beyond the window: before a possibly incomplete reference. */
  textEnd(): number {
    if (this.ended) return this.length;
    const reference = this.text.lastIndexOf('&');
    const open = reference >= this.at && this.length - reference < maxReferenceLength;
    return open && !this.text.includes(';', reference) ? reference : this.length;
  }
}
