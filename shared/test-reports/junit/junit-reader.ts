import type { ProblemList } from '../problem-list.ts';
import type { ProblemKind } from '../results-problem.ts';
import type { TestCase, TestOutcome } from '../test-case.ts';
import { parseTime } from '../values/parse-time.ts';
import { parseTimestamp } from '../values/parse-timestamp.ts';
import { isPlausibleTime } from '../values/plausible-time.ts';
import { ElementStack } from '../xml/element-stack.ts';
import type { XmlFault, XmlSink } from '../xml/xml-sink.ts';
import { XmlTokenizer } from '../xml/xml-tokenizer.ts';
import { CaseDraft } from './case-draft.ts';
import { innerSuite, type JunitSuite, noSuite } from './junit-suite.ts';
import { NoteDraft } from './note-draft.ts';
import { SuiteSums } from './suite-sums.ts';

/** Longer names cannot be distinguished, and are refused. */
const maxValueLength = 64 * 1024;
const wanted = new Set(
  'name classname file line time status result message timestamp tests failures errors'.split(' '),
);
const idAttributes = ['name', 'classname', 'file'];

type Frame =
  | { readonly kind: 'suite'; readonly suite: JunitSuite }
  | { readonly kind: 'case'; readonly draft: CaseDraft }
  | { readonly kind: 'reason'; readonly draft: CaseDraft; readonly outcome: TestOutcome }
  | { readonly kind: 'note'; readonly note: NoteDraft }
  | { readonly kind: 'other' };

/**
 * Reads JUnit XML of any flavour from text in pieces. Relies on the `<testcase>` elements, wherever they occur, and not
 * on the sums in suite attributes: sums that contradict the cases are reported.
 */
export class JunitReader implements XmlSink {
  readonly #onCase: (testCase: TestCase) => void;
  readonly #problems: ProblemList;
  readonly #tokenizer: XmlTokenizer;
  readonly #stack: ElementStack;
  readonly #frames: Frame[] = [];
  readonly #suites: JunitSuite[] = [noSuite];
  readonly #sums: SuiteSums[] = [];
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

  /** True: further text is not read. */
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
    if (frame?.kind === 'note') frame.note.addText(piece);
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
    if (name === 'testsuite' || name === 'testsuites') return this.#suiteFrame(attributes, around);
    if (parent?.kind === 'case' && name === 'warning')
      return this.#noteFrame('case-warning', 'a case has its own <warning>', attributes);
    if (parent?.kind === 'case') {
      const outcome = parent.draft.addChild(name, attributes);
      return outcome ? { kind: 'reason', draft: parent.draft, outcome } : { kind: 'other' };
    }
    const isBroken = parent?.kind === 'suite' && (name === 'error' || name === 'failure');
    const head = `a suite has its own <${name}>: not all of its cases have run`;
    return isBroken ? this.#noteFrame('suite-error', head, attributes) : { kind: 'other' };
  }

  #suiteFrame(attributes: ReadonlyMap<string, string>, around: JunitSuite): Frame {
    this.#suiteCount += 1;
    const beganAtMs = this.#readTimestamp(attributes.get('timestamp') ?? '');
    const suite = innerSuite(around, attributes.get('name') ?? '', beganAtMs, this.#suiteCount);
    this.#suites.push(suite);
    this.#sums.push(new SuiteSums(attributes));
    return { kind: 'suite', suite };
  }

  #noteFrame(kind: ProblemKind, head: string, attributes: ReadonlyMap<string, string>): Frame {
    const note = new NoteDraft(kind, head, this.#problems.has(kind) ? undefined : this.#tokenizer.position());
    note.addText(`${attributes.get('message') ?? ''}\n`);
    return { kind: 'note', note };
  }

  #close(_name: string, whole: boolean): void {
    const frame = this.#frames.pop();
    if (frame?.kind === 'note') this.#closeNote(frame.note);
    if (frame?.kind === 'suite') this.#closeSuite(frame.suite, whole);
    if (frame?.kind === 'case' && whole) this.#closeCase(frame.draft);
  }

  #closeNote({ kind, message, position }: NoteDraft): void {
    this.#problems.add(kind, message, position && (() => position));
  }

  #closeSuite({ path }: JunitSuite, whole: boolean): void {
    this.#suites.pop();
    const sums = this.#sums.pop();
    if (sums === undefined) return;
    this.#sums.at(-1)?.add(sums);
    const contradiction = whole ? sums.contradiction() : undefined;
    if (contradiction === undefined) return;
    const name = JSON.stringify(path.at(-1)?.slice(0, 64) ?? '');
    this.#tokenizer.fault('sums-differ', `the sums of suite ${name} contradict its cases: ${contradiction}`);
  }

  #closeCase(draft: CaseDraft): void {
    const { status } = draft;
    const testCase = draft.build();
    if (status !== undefined && !status.known)
      this.#tokenizer.fault('unknown-status', `${testCase.message}: the case counts as errored`);
    else if (status?.outcome === 'skipped' && !/^(skip|ignore)/i.test(status.word))
      this.#tokenizer.fault('not-run', `${testCase.message}: the case counts as skipped`);
    this.#sums.at(-1)?.count(testCase.outcome, draft.troubles);
    this.#onCase(testCase);
  }

  #readTimestamp(text: string): number | undefined {
    const ms = parseTimestamp(text);
    if (ms === undefined || isPlausibleTime(ms)) return ms;
    this.#tokenizer.fault(
      'implausible-clock',
      `the timestamp ${JSON.stringify(text.slice(0, 32))} cannot be right; it is ignored`,
    );
    return undefined;
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
        `the time ${JSON.stringify(time.slice(0, 32))} is not valid, and counts as unknown`,
      );
  }
}
