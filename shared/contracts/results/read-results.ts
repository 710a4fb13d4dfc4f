import { CtrfReader } from './ctrf/ctrf-reader.ts';
import { decodeText } from './decode-text.ts';
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

/** A report that begins with more space is read as XML. */
const maxLeadingSpace = 64 * 1024;

/**
 * Reads a test report, JUnit XML or CTRF as its first character says, in a bounded amount of memory.
 *
 * @param source its bytes; errors of the source are thrown on
 * @param onCase gets each case as soon as it is whole, also those before a fault
 * @returns what is wrong with the report; empty when the cases are all there is. No problem is thrown.
 */
export async function readResults(
  source: AsyncIterable<Uint8Array>,
  onCase: (testCase: TestCase) => void,
): Promise<readonly ResultsProblem[]> {
  const problems = new ProblemList();
  const cleaner = new TextCleaner(problems);
  let cases = 0;
  const countCase = (testCase: TestCase) => {
    cases += 1;
    onCase(testCase);
  };
  let reader: Reader | undefined;
  let waiting = '';
  for await (const piece of decodeText(source)) {
    waiting += cleaner.clean(piece);
    if (!reader && waiting.length < maxLeadingSpace && waiting.trim() === '') continue;
    reader ??= /^\s*[{[]/.test(waiting)
      ? new CtrfReader(countCase, problems)
      : new JunitReader(countCase, problems);
    reader.write(waiting);
    waiting = '';
    if (reader.stopped) break;
  }
  if (!reader) problems.add('empty', 'there is nothing in it');
  reader?.end();
  if (cases === 0 && !problems.list().some(({ severity }) => severity === 'error'))
    problems.add('no-tests', 'it has no test case: a run without tests is no pass');
  return problems.list();
}
