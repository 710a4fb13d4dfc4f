import type { ProblemKind } from '../results-problem.ts';
import type { TextWindow } from './text-window.ts';

/** No report has longer gaps between the parts of a tag. */
const maxPartLength = 4096;
const maxNamesToCompare = 100;
const shownNameLength = 64;

const tagPart = /(\s*)(?:(\/?>)|([^\s=<>"'/]+)\s*=\s*(["']))/y;
const openTagPart = /\s*(?:\/|[^\s=<>"'/]+\s*(?:=\s*)?)?$/y;
const brokenTagPart = /\s*(?:[^\s<>"'/]+|["'/])/y;
const anySpace = /\s*/y;

export interface TagOptions {
  /** The attributes to keep; the others are checked and dropped. */
  readonly wanted: ReadonlySet<string>;
  /** In UTF-16 units; a longer value is cut. */
  readonly maxValueLength: number;
}

export interface TagText {
  fault(kind: ProblemKind, message: string, index?: number): void;
  /** Replaces the references in a piece that begins at the first unused character. */
  decode(raw: string): string;
}

interface OpenAttribute {
  readonly name: string;
  readonly quote: string;
  /** The decoded value so far. */
  value: string;
  hasBracket: boolean;
}

/** Reads a start tag from after its name to its end, part by part, however large its attributes. */
export class TagReader {
  readonly #window: TextWindow;
  readonly #text: TagText;
  readonly #options: TagOptions;
  readonly #names: string[] = [];
  #attribute: OpenAttribute | undefined;
  name = '';
  attributes = new Map<string, string>();

  constructor(window: TextWindow, text: TagText, options: TagOptions) {
    this.#window = window;
    this.#text = text;
    this.#options = options;
  }

  begin(name: string): void {
    this.name = name;
    this.attributes = new Map();
    this.#names.length = 0;
    this.#attribute = undefined;
  }

  /** Reads one part. `wait`: more text is needed. */
  step(): 'wait' | 'go-on' | 'open' | 'self-closing' {
    return this.#attribute ? this.#readValue(this.#attribute) : this.#readPart();
  }

  #readPart() {
    const window = this.#window;
    const [whole = '', space, close, name, quote] = window.match(tagPart) ?? [];
    if (close !== undefined) {
      window.at += whole.length;
      return close === '>' ? 'open' : 'self-closing';
    }
    if (name === undefined || quote === undefined) return this.#readBrokenPart();
    if (space === '') this.#fault(`no space before the attribute ${shown(name)}`);
    if (this.#names.includes(name)) this.#fault(`a second attribute ${shown(name)} in one tag`);
    if (this.#names.length < maxNamesToCompare) this.#names.push(name);
    this.#attribute = { name, quote, value: '', hasBracket: false };
    window.at += whole.length;
    return 'go-on';
  }

  #readBrokenPart() {
    const window = this.#window;
    const space = window.match(anySpace)?.[0].length ?? 0;
    const rest = window.length - window.at - space;
    if (rest < maxPartLength && window.match(openTagPart)) {
      // One space stays: the next part must have one before it.
      window.at = window.ended ? window.length : window.at + Math.max(0, space - 1);
      return 'wait';
    }
    const broken = window.match(brokenTagPart)?.[0];
    const cut = broken !== undefined && window.at + broken.length === window.length && rest < maxPartLength;
    if (cut && !window.ended) return 'wait';
    this.#fault(`the tag <${shown(this.name)}> is broken`, window.at + space);
    // The next character is the "<" of another tag.
    if (broken === undefined) return 'open';
    window.at += broken.length;
    return 'go-on';
  }

  #readValue(attribute: OpenAttribute) {
    const window = this.#window;
    const { name, quote } = attribute;
    const found = window.text.indexOf(quote, window.at);
    const end = found === -1 ? window.textEnd() : found;
    const raw = window.text.slice(window.at, end);
    const bracket = raw.indexOf('<');
    if (bracket !== -1 && !attribute.hasBracket) {
      attribute.hasBracket = true;
      this.#fault(`a "<" in the attribute ${shown(name)}`, window.at + bracket);
    }
    const piece = this.#text.decode(raw.replace(/[\t\n\r]/g, ' '));
    const wanted = this.#options.wanted.has(name);
    if (wanted) attribute.value += piece.slice(0, this.#options.maxValueLength - attribute.value.length);
    window.at = end;
    if (found === -1) return 'wait';
    if (wanted && !this.attributes.has(name)) this.attributes.set(name, attribute.value);
    this.#attribute = undefined;
    window.at += 1;
    return 'go-on';
  }

  #fault(message: string, index?: number): void {
    this.#text.fault('not-well-formed', message, index);
  }
}

function shown(name: string): string {
  return name.slice(0, shownNameLength);
}
