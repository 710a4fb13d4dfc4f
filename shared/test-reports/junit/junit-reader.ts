import { parseTime } from '../parse-time.ts';
import type { ProblemList } from '../problem-list.ts';
import type { TestCase, TestOutcome } from '../test-case.ts';
import { ElementStack } from '../xml/element-stack.ts';
import type { XmlFault, XmlSink } from '../xml/xml-sink.ts';
import { XmlTokenizer } from '../xml/xml-tokenizer.ts';
import { CaseDraft } from './case-draft.ts';
import { innerSuite, type JunitSuite, noSuite } from './junit-suite.ts';

/** Longer names cannot be told apart, and are refused. */
const maxValueLength = 64 * 1024;
const wanted = new Set(['name', 'classname', 'file', 'time', 'status', 'result', 'message', 'timestamp']);
const idAttributes = ['name', 'classname', 'file'];

type Frame =
  | { readonly kind: 'suite'; readonly suite: JunitSuite }
  | { readonly kind: 'case'; readonly draft: CaseDraft }
  | { readonly kind: 'reason'; readonly draft: CaseDraft; readonly outcome: TestOutcome }
  | { readonly kind: 'other' };

/**
 * Reads JUnit XML of any flavour from text that comes in pieces. Trusts the `<testcase>` elements, wherever they
 * stand, and none of the sums in suite attributes.
 */
export class JunitReader implements XmlSink {
  readonly #onCase: (testCase: TestCase) => void;
  readonly #problems: ProblemList;
  readonly #tokenizer: XmlTokenizer;
  readonly #stack: ElementStack;
  readonly #frames: Frame[] = [];
  readonly #suites: JunitSuite[] = [noSuite];
  #suiteCount = 0;
  #caseCount = 0;

  constructor(onCase: (testCase: TestCase) => void, problems: ProblemList) {
    this.#onCase = onCase;
    this.#problems = problems;
    this.#tokenizer = new XmlTokenizer(this, { wanted, maxValueLength: maxValueLength + 1 });
    this.#stack = new ElementStack(
      { open: (...tag) => this.#open(...tag), close: (...tag) => this.#close(...tag) },
      this.#tokenizer,
    );
  }

  /** True: what follows is not read. */
  get stopped(): boolean {
    return this.#tokenizer.stopped;
  }

  write(text: string): void {
    this.#tokenizer.write(text);
  }

  end(): void {
    this.#tokenizer.end();
    if (this.stopped || this.#problems.has('truncated')) return;
    this.#stack.end();
    if (this.#suiteCount === 0 && this.#caseCount === 0)
      this.#problems.add(
        'not-results',
        'neither JUnit XML nor CTRF: there is no <testsuite> and no <testcase>',
      );
  }

  startTag(name: string, attributes: ReadonlyMap<string, string>, selfClosing: boolean): void {
    this.#stack.startTag(name, attributes, selfClosing);
  }

  endTag(name: string): void {
    this.#stack.endTag(name);
  }

  text(piece: string): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind === 'reason') frame.draft.addText(frame.outcome, piece);
    if (frame !== undefined || this.#problems.has('stray-text')) return;
    const stray = piece.search(/\S/);
    if (stray !== -1) this.#tokenizer.faultInText('stray-text', 'text outside the root element', stray);
  }

  fault({ kind, message, locate }: XmlFault): void {
    this.#problems.add(kind, message, locate);
  }

  #open(name: string, attributes: ReadonlyMap<string, string>): void {
    const parent = this.#frames.at(-1);
    this.#frames.push(this.#frameOf(name, attributes, parent));
  }

  #frameOf(name: string, attributes: ReadonlyMap<string, string>, parent: Frame | undefined): Frame {
    const around = this.#suites.at(-1) ?? noSuite;
    if (name === 'testcase') {
      this.#checkAttributes(attributes);
      this.#caseCount += 1;
      return { kind: 'case', draft: new CaseDraft(attributes, around) };
    }
    if (name === 'testsuite' || name === 'testsuites') {
      this.#suiteCount += 1;
      const [title, timestamp] = [attributes.get('name') ?? '', attributes.get('timestamp')];
      const suite = innerSuite(around, title, timestamp, this.#suiteCount);
      this.#suites.push(suite);
      return { kind: 'suite', suite };
    }
    if (parent?.kind === 'case') {
      const outcome = parent.draft.addChild(name, attributes);
      return outcome ? { kind: 'reason', draft: parent.draft, outcome } : { kind: 'other' };
    }
    if (parent?.kind === 'suite' && (name === 'error' || name === 'failure'))
      this.#tokenizer.fault('suite-error', `a suite has its own <${name}>: not all of its cases have run`);
    return { kind: 'other' };
  }

  #close(_name: string, whole: boolean): void {
    const frame = this.#frames.pop();
    if (frame?.kind === 'suite') this.#suites.pop();
    if (frame?.kind !== 'case' || !whole) return;
    const testCase = frame.draft.build();
    if (testCase.notRun)
      this.#tokenizer.fault('not-run', 'a case is counted as passed, but is marked as not run');
    this.#onCase(testCase);
  }

  #checkAttributes(attributes: ReadonlyMap<string, string>): void {
    for (const name of idAttributes) {
      if ((attributes.get(name)?.length ?? 0) > maxValueLength)
        this.#tokenizer.fault('too-long', `a ${name} of more than ${maxValueLength} characters, truncated`);
    }
    const time = attributes.get('time');
    if (time !== undefined && parseTime(time) === undefined)
      this.#tokenizer.fault(
        'invalid-time',
        `the time ${JSON.stringify(time.slice(0, 32))} is not valid; 0 is used`,
      );
  }
}
