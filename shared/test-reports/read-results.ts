import { CtrfReader } from './ctrf/ctrf-reader.ts';
import { type DecodedText, ReportDecoder } from './decode-text.ts';
import { JunitReader } from './junit/junit-reader.ts';
import { ProblemList } from './problem-list.ts';
import type { ResultsProblem } from './results-problem.ts';
import type { TestCase } from './test-case.ts';
import { TextCleaner } from './text-cleaner.ts';

interface Reader {
  readonly stopped: boolean;
  write(text: string): void;
  end(): void;
}

/** A report with more leading space is read as XML. */
const maxLeadingSpace = 64 * 1024;

/**
 * Reads a test report, JUnit XML or CTRF according to its first character, in bounded memory.
 *
 * @param source its bytes; errors of the source are thrown on
 * @param onCase gets each case as soon as it is complete, also those before a fault
 * @returns the problems of the report; if empty, the cases are complete. No problem is thrown.
 */
export async function readResults(
  source: AsyncIterable<Uint8Array>,
  onCase: (testCase: TestCase) => void,
): Promise<readonly ResultsProblem[]> {
  const decoder = new ReportDecoder();
  const reader = new ReportReader(onCase);
  for await (const bytes of source) {
    for (const piece of decoder.push(bytes)) reader.write(piece);
    if (reader.stopped) break;
  }
  for (const piece of decoder.end()) reader.write(piece);
  return reader.end();
}

/** The start of XML below a runner's log lines, which may begin like JSON, as `[INFO]` does; JSON has no such line. */
const firstTagLine = /^[ \t]*<[?!a-z]/im;

/** Chooses the reader by the first characters. */
class ReportReader {
  readonly #problems = new ProblemList();
  readonly #cleaner = new TextCleaner(this.#problems);
  readonly #onCase: (testCase: TestCase) => void;
  #reader: Reader | undefined;
  #waiting = '';
  #cases = 0;

  constructor(onCase: (testCase: TestCase) => void) {
    this.#onCase = (testCase) => {
      this.#cases += 1;
      onCase(testCase);
    };
  }

  get stopped(): boolean {
    return this.#reader?.stopped ?? false;
  }

  write(piece: DecodedText): void {
    if (this.stopped) return;
    this.#waiting += this.#cleaner.clean(piece);
    if (!this.#reader && this.#waiting.length < maxLeadingSpace && this.#waiting.trim() === '') return;
    this.#reader ??= this.#chooseReader();
    this.#reader.write(this.#waiting);
    this.#waiting = '';
  }

  #chooseReader(): Reader {
    const xmlAt = this.#waiting.search(firstTagLine);
    if (xmlAt === -1 && /^\s*(\{|\[\s*([{["\]]|$))/.test(this.#waiting))
      return new CtrfReader(this.#onCase, this.#problems);
    this.#waiting = withoutMarkup(this.#waiting, xmlAt);
    return new JunitReader(this.#onCase, this.#problems);
  }

  end(): readonly ResultsProblem[] {
    if (!this.#reader) this.#problems.add('empty', 'the report is empty');
    this.#reader?.end();
    if (this.#cases === 0 && !this.#problems.list().some(({ severity }) => severity === 'error'))
      this.#problems.add('no-tests', 'the report has no test case: a run without tests is never a pass');
    return this.#problems.list();
  }
}

/** Text that a runner has logged before the XML is not parsed; positions in the text stay correct. */
function withoutMarkup(text: string, end: number): string {
  return end <= 0 ? text : text.slice(0, end).replace(/[<&]/g, ' ') + text.slice(end);
}
