import { buildTestCase, type ReportedTest } from '../build-test-case.ts';
import type { TestCase, TestOutcome } from '../test-case.ts';
import { describeWord } from '../values/outcome-of-word.ts';
import { parseTime } from '../values/parse-time.ts';
import { type CaseStatus, readCaseStatus } from './case-status.ts';
import type { JunitSuite } from './junit-suite.ts';

/** Twice the kept length of a message: some of it is cut later. */
const maxGatheredLength = 8192;

const outcomeOf: ReadonlyMap<string, TestOutcome> = new Map([
  ['error', 'errored'],
  ['failure', 'failed'],
  ['skipped', 'skipped'],
  ['ignored', 'skipped'],
]);
const precedence: readonly TestOutcome[] = ['errored', 'failed', 'skipped'];
const flakyElements = new Set(['flakyFailure', 'flakyError']);
const rerunElements = new Set(['flakyFailure', 'flakyError', 'rerunFailure', 'rerunError']);

/** One `<testcase>` while it is read: its direct children decide its outcome; without such children, its attributes. */
export class CaseDraft {
  readonly #attributes: ReadonlyMap<string, string>;
  readonly #suite: JunitSuite;
  /** Created on demand: most cases pass. */
  #messages: Map<TestOutcome, string> | undefined;
  #flaky = false;
  #reruns = 0;
  #troubles = 0;

  constructor(attributes: ReadonlyMap<string, string>, suite: JunitSuite) {
    this.#attributes = attributes;
    this.#suite = suite;
  }

  /** @returns the outcome that the text of this child explains, if any */
  addChild(name: string, attributes: ReadonlyMap<string, string>): TestOutcome | undefined {
    this.#flaky ||= flakyElements.has(name);
    if (rerunElements.has(name)) this.#reruns += 1;
    const outcome = outcomeOf.get(name);
    if (rerunElements.has(name) || outcome === 'failed' || outcome === 'errored') this.#troubles += 1;
    if (outcome) this.addText(outcome, `${attributes.get('message') ?? ''}\n`);
    return outcome;
  }

  addText(outcome: TestOutcome, piece: string): void {
    this.#messages ??= new Map();
    const text = this.#messages.get(outcome) ?? '';
    if (text.length < maxGatheredLength)
      this.#messages.set(outcome, text + piece.slice(0, maxGatheredLength - text.length));
  }

  /** The number of its failures and errors, including those of its attempts. */
  get troubles(): number {
    const outcome = this.status?.outcome;
    return outcome === 'failed' || outcome === 'errored' ? this.#troubles + 1 : this.#troubles;
  }

  /** The outcome in its attributes, if they decide. */
  get status(): CaseStatus | undefined {
    return this.#toldOutcome() === undefined ? readCaseStatus(this.#attributes) : undefined;
  }

  build(): TestCase {
    const { status } = this;
    const outcome = this.#toldOutcome() ?? status?.outcome ?? 'passed';
    const time = this.#attributes.get('time');
    const seconds = time === undefined ? undefined : parseTime(time);
    const test: ReportedTest = {
      name: this.#attributes.get('name') ?? '',
      className: this.#attributes.get('classname'),
      file: this.#attributes.get('file'),
      line: this.#attributes.get('line'),
      suites: this.#suite.path,
      suite: this.#suite.index,
      outcome,
      flaky: outcome === 'passed' && this.#flaky,
      durationMs: seconds === undefined ? undefined : seconds * 1000,
      message: this.#messages?.get(outcome)?.trim() ?? messageOf(status),
      ranAtMs: this.#suite.beganAtMs,
      reruns: this.#reruns,
    };
    return buildTestCase(test);
  }
  #toldOutcome(): TestOutcome | undefined {
    return precedence.find((known) => this.#messages?.has(known));
  }
}

function messageOf(status: CaseStatus | undefined): string | undefined {
  return status === undefined || status.outcome === 'passed' ? undefined : describeWord(status.word);
}
