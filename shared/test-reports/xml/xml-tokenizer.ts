import type { Position, ProblemKind } from '../results-problem.ts';
import { classifyMarkup, headLengths, markupHeadLength } from './markup.ts';
import { type TagOptions, TagReader } from './tag-reader.ts';
import { TextWindow } from './text-window.ts';
import { decodeReferences, referenceFaults } from './xml-references.ts';
import type { XmlSink } from './xml-sink.ts';

const maxNameLength = 4096;
const startTagHead = /<([^\s/<>="'&]+)/y;
const endTag = /<\/([^\s<>]+)\s*>/y;
const xmlName = /^[\p{L}_:][\p{L}\p{M}\p{N}_:.·-]*$/u;

type Mode = 'text' | 'markup' | 'comment' | 'cdata' | 'instruction' | 'tag';

/**
 * Splits a document of any size into tags and text, and holds no more than one chunk and the wanted attributes of one
 * tag. Continues after text that is not well-formed, and reports it; a DOCTYPE is refused before it is read.
 *
 * Neither available streaming parser does that. saxes 6.0.0 collects each comment, CDATA section and attribute until
 * its end (185 MiB of memory for 100 MB), and loses cases after a fault: a stray end tag closes every open element, a
 * lone `&` swallows everything up to the next `;`. sax 1.x splits text and CDATA, but a comment or attribute of 100 MB
 * took 3.3 GiB, and it accepts control characters, duplicate attributes and second roots.
 */
export class XmlTokenizer {
  readonly #sink: XmlSink;
  readonly #window = new TextWindow();
  readonly #tag: TagReader;
  #mode: Mode = 'text';
  #stopped = false;

  constructor(sink: XmlSink, options: TagOptions) {
    this.#sink = sink;
    this.#tag = new TagReader(
      this.#window,
      { fault: (...fault) => this.fault(...fault), decode: (raw) => this.#decode(raw) },
      options,
    );
  }

  /** True after a fatal fault: further text is ignored. */
  get stopped(): boolean {
    return this.#stopped;
  }

  write(text: string): void {
    this.#window.append(text);
    this.#run();
  }

  /** Called at the end of the document, complete or not. */
  end(): void {
    this.#window.ended = true;
    this.#run();
    if (this.#stopped || this.#mode === 'text') return;
    this.fault('truncated', `the report ends inside ${modeNames[this.#mode]}`, this.#window.length);
  }

  /** @param index in the last written text; default: the first unused character */
  fault(kind: ProblemKind, message: string, index = this.#window.at): void {
    if (!this.#stopped) this.#sink.fault({ kind, message, locate: () => this.#window.locate(index) });
  }

  /** The position of the first unused character. Expensive. */
  position(): Position {
    return this.#window.locate(this.#window.at);
  }

  /** A fault in the piece of text that the sink has just received. @param offset in that piece */
  faultInText(kind: ProblemKind, message: string, offset: number): void {
    this.fault(kind, message, this.#window.at + offset);
  }

  /** A fault after which nothing more is read. */
  refuse(kind: ProblemKind, message: string): void {
    this.fault(kind, `${message}; the rest was not read`);
    this.#stopped = true;
  }

  #run(): void {
    const window = this.#window;
    while (!this.#stopped && window.at < window.length && this.#step());
  }

  /** False: more text is needed. */
  #step(): boolean {
    switch (this.#mode) {
      case 'text':
        return this.#readText();
      case 'markup':
        return this.#readMarkup();
      case 'comment':
        return this.#readUntil('-->');
      case 'instruction':
        return this.#readUntil('?>');
      case 'cdata':
        return this.#readUntil(']]>', (piece) => this.#sink.text(piece));
      case 'tag':
        return this.#readTag();
    }
  }

  #readText(): boolean {
    const window = this.#window;
    const found = window.text.indexOf('<', window.at);
    const end = found === -1 ? window.textEnd() : found;
    if (end > window.at) this.#sink.text(this.#decode(window.text.slice(window.at, end)));
    window.at = end;
    if (found !== -1) this.#mode = 'markup';
    return found !== -1;
  }

  #readMarkup(): boolean {
    const window = this.#window;
    const markup = classifyMarkup(window.text.slice(window.at, window.at + markupHeadLength));
    switch (markup) {
      case 'wait':
        return false;
      case 'start-tag':
        return this.#readStartTag();
      case 'end-tag':
        return this.#readEndTag();
      case 'stray':
        return this.#readStray();
      case 'doctype':
        this.refuse('doctype-refused', 'a DOCTYPE, which is not allowed');
        return false;
      case 'declaration':
        if (!window.isDocumentStart)
          this.fault('misplaced-declaration', 'the XML declaration is not at the very start');
        return this.#enter('instruction', headLengths.instruction);
      case 'cdata':
      case 'comment':
      case 'instruction':
        return this.#enter(markup, headLengths[markup]);
    }
  }

  #enter(mode: Mode, length: number): boolean {
    this.#mode = mode;
    this.#window.at += length;
    return true;
  }

  #readStray(): boolean {
    this.fault('not-well-formed', 'a "<" that opens no tag: text must use &lt; instead');
    this.#sink.text('<');
    return this.#enter('text', 1);
  }

  #readUntil(close: string, use?: (piece: string) => void): boolean {
    const window = this.#window;
    const found = window.text.indexOf(close, window.at);
    // The last characters may be the beginning of `close`.
    const end = found === -1 ? Math.max(window.at, window.length - close.length + 1) : found;
    if (end > window.at) use?.(window.text.slice(window.at, end));
    window.at = end;
    return found !== -1 && this.#enter('text', close.length);
  }

  #readEndTag(): boolean {
    const window = this.#window;
    const match = window.match(endTag);
    if (match?.[1] !== undefined) {
      this.#sink.endTag(match[1]);
      return this.#enter('text', match[0].length);
    }
    const left = window.length - window.at;
    return left < maxNameLength && !/[<>]/.test(window.text.slice(window.at + 1)) ? false : this.#readStray();
  }

  #readStartTag(): boolean {
    const window = this.#window;
    const match = window.match(startTagHead);
    const name = match?.[1];
    if (name === undefined || !match) return this.#readStray();
    if (name.length >= maxNameLength) {
      this.refuse('too-long', `an element name of ${maxNameLength} characters or more`);
      return false;
    }
    if (window.at + match[0].length === window.length) return false;
    if (!xmlName.test(name)) return this.#readStray();
    this.#tag.begin(name);
    return this.#enter('tag', match[0].length);
  }

  #readTag(): boolean {
    const step = this.#tag.step();
    if (step === 'wait' || step === 'go-on') return step === 'go-on';
    this.#mode = 'text';
    this.#sink.startTag(this.#tag.name, this.#tag.attributes, step === 'self-closing');
    return true;
  }

  #decode(raw: string): string {
    const start = this.#window.at;
    return decodeReferences(raw, (kind, offset) => this.fault(kind, referenceFaults[kind], start + offset));
  }
}

const modeNames: Readonly<Record<Mode, string>> = {
  text: 'text',
  markup: 'a tag',
  comment: 'a comment',
  cdata: 'a CDATA section',
  instruction: 'a processing instruction',
  tag: 'a tag',
};
