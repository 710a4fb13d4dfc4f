import type { ProblemList } from '../problem-list.ts';
import type { TestCase } from '../test-case.ts';
import { outcomeOfWord } from '../values/outcome-of-word.ts';
import { isPlausibleTime } from '../values/plausible-time.ts';
import { CtrfReport, CtrfTest } from './ctrf-report.ts';
import { ctrfDuration, readCtrfTest } from './read-ctrf-test.ts';
import { scanJson } from './scan-json.ts';

/** In UTF-16 units. A JSON document is read as a whole, and takes several times its size. */
export const maxCtrfLength = 16 * 1024 * 1024;
/** An empty array of three characters takes fifty bytes; a test with its steps has about ten arrays and objects. */
const maxContainers = 2_000_000;
const maxInvalidTests = 1000;
/** A CTRF report nests a few levels, and a tool's `extra` some more. */
const maxDepth = 100;

/** Reads a CTRF report (ctrf.io) from text in pieces, once it is complete: half of a JSON document cannot be parsed. */
export class CtrfReader {
  readonly #onCase: (testCase: TestCase) => void;
  readonly #problems: ProblemList;
  #pieces: string[] = [];
  #length = 0;
  #invalidTests = 0;

  constructor(onCase: (testCase: TestCase) => void, problems: ProblemList) {
    this.#onCase = onCase;
    this.#problems = problems;
  }

  /** True: further text is not read. */
  get stopped(): boolean {
    return this.#length > maxCtrfLength;
  }

  write(text: string): void {
    this.#length += text.length;
    if (this.stopped) this.#pieces = [];
    else this.#pieces.push(text);
  }

  end(): void {
    if (this.stopped) {
      this.#problems.add(
        'too-large',
        'a CTRF report may have at most 16 Mi characters: split it, or write JUnit XML',
      );
      return;
    }
    const text = this.#pieces.join('');
    this.#pieces = [];
    const { depth, containers, open } = scanJson(text);
    if (depth > maxDepth) this.#problems.add('too-deep', `JSON more than ${maxDepth} levels deep`);
    else if (containers > maxContainers)
      this.#problems.add('too-large', `more than ${maxContainers} arrays and objects`);
    else if (open) this.#problems.add('truncated', 'the JSON is truncated and cannot be read');
    else this.#readDocument(text);
  }

  #readDocument(text: string): void {
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (error) {
      const [, line, column] = /line (\d+) column (\d+)/.exec(String(error)) ?? [];
      const position = line === undefined ? undefined : { line: Number(line), column: Number(column) };
      this.#problems.add('not-well-formed', 'this is not JSON', position && (() => position));
      return;
    }
    const report = CtrfReport.safeParse(document);
    if (!report.success) {
      this.#problems.add('not-results', 'neither JUnit XML nor CTRF: the JSON has no list results.tests');
      return;
    }
    for (const [index, test] of report.data.results.tests.entries()) {
      this.#readTest(test, index);
      if (this.#invalidTests <= maxInvalidTests) continue;
      this.#problems.add(
        'not-results',
        `more than ${maxInvalidTests} entries are not valid tests; the rest was not read`,
      );
      return;
    }
  }

  #readTest(value: unknown, index: number): void {
    const test = CtrfTest.safeParse(value);
    if (!test.success) {
      this.#invalidTests += 1;
      const [issue] = test.error.issues;
      const path = ['results', 'tests', index, ...(issue?.path ?? [])].map(String).join('.');
      this.#problems.add('invalid-test', `${path}: ${issue?.message}; the test is not counted`);
      return;
    }
    const { duration } = test.data;
    if (duration !== undefined && ctrfDuration(duration) === undefined)
      this.#problems.add(
        'invalid-time',
        `results.tests.${index}.duration is not a valid time, and counts as unknown`,
      );
    const { status, start } = test.data;
    if (outcomeOfWord(status) === undefined)
      this.#problems.add(
        'unknown-status',
        `results.tests.${index}.status is ${JSON.stringify(status.slice(0, 64))}, which is unknown: the test counts as errored`,
      );
    const startMs = ctrfDuration(start);
    if (startMs !== undefined && !isPlausibleTime(startMs))
      this.#problems.add(
        'implausible-clock',
        `results.tests.${index}.start is ${startMs}, which cannot be milliseconds since 1970; it is ignored`,
      );
    this.#onCase(readCtrfTest(test.data));
  }
}
