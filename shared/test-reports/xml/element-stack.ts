import type { ProblemKind } from '../results-problem.ts';

/** Reports nest suites a few levels deep; a document that nests a thousand is made to exhaust its reader. */
const maxDepth = 1000;

export interface ElementSink {
  /** @param name without its prefix */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  /** @param whole false when the end tag of an outer element closed it */
  close(name: string, whole: boolean): void;
}

export interface StackFaults {
  fault(kind: ProblemKind, message: string): void;
  refuse(kind: ProblemKind, message: string): void;
}

/** Matches end tags with start tags; an end tag without its start is ignored, a missing one is supplied. */
export class ElementStack {
  readonly #names: string[] = [];
  /** The number of open elements per name: a million stray end tags must not search the stack each. */
  readonly #open = new Map<string, number>();
  readonly #sink: ElementSink;
  readonly #faults: StackFaults;
  #roots = 0;

  constructor(sink: ElementSink, faults: StackFaults) {
    this.#sink = sink;
    this.#faults = faults;
  }

  get depth(): number {
    return this.#names.length;
  }

  startTag(name: string, attributes: ReadonlyMap<string, string>, selfClosing: boolean): void {
    if (this.depth >= maxDepth) {
      this.#faults.refuse('too-deep', `elements ${maxDepth} levels deep`);
      return;
    }
    if (this.depth === 0) {
      this.#roots += 1;
      if (this.#roots > 1) this.#faults.fault('several-roots', 'a second root element');
    }
    this.#names.push(name);
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    this.#sink.open(localName(name), attributes);
    if (selfClosing) this.#pop(true);
  }

  endTag(name: string): void {
    if ((this.#open.get(name) ?? 0) === 0) {
      this.#faults.fault('not-well-formed', `an end tag </${name.slice(0, 64)}> without its start tag`);
      return;
    }
    const index = this.#names.lastIndexOf(name);
    if (index < this.depth - 1)
      this.#faults.fault(
        'not-well-formed',
        `an element <${this.#names.at(-1)?.slice(0, 64)}> without its end tag`,
      );
    while (this.depth > index + 1) this.#pop(false);
    this.#pop(true);
  }

  /** Called at the end of the document: are all elements closed? */
  end(): void {
    const innermost = this.#names.at(-1);
    if (innermost !== undefined)
      this.#faults.fault('truncated', `the report ends inside <${innermost.slice(0, 64)}>`);
  }

  #pop(whole: boolean): void {
    const name = this.#names.pop();
    if (name === undefined) return;
    const left = (this.#open.get(name) ?? 1) - 1;
    // Deleting each entry would make V8 rebuild the table again and again, while each old one keeps the next alive.
    if (left > 0 || this.#open.size <= maxDepth) this.#open.set(name, left);
    else this.#open.delete(name);
    this.#sink.close(localName(name), whole);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
