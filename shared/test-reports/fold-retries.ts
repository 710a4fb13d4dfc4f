import type { TestCase, TestOutcome } from './test-case.ts';

/** One test of a report, whatever number of cases tell of it. */
export interface FoldedTest {
  readonly outcome: TestOutcome;
  readonly flaky: boolean;
  /** In the order of the report, at least one. */
  readonly cases: readonly [TestCase, ...TestCase[]];
}

/**
 * Folds the cases that are attempts of one test: the same file, line, class name and name in the same suite element. The
 * last attempt decides: passed after another failed is a flaky pass. When it did not pass, one that failed makes the test
 * `failed`, else it is `errored`. A skipped attempt takes nothing back.
 *
 * Cases of the same name in different suites are not folded: one browser's pass does not excuse another's failure.
 */
export function foldRetries(cases: readonly TestCase[]): readonly FoldedTest[] {
  const groups = new Map<string, [TestCase, ...TestCase[]]>();
  for (const testCase of cases) {
    const { line } = testCase;
    const key = JSON.stringify([nameKey(testCase), line]);
    const group = groups.get(key);
    if (group) group.push(testCase);
    else groups.set(key, [testCase]);
  }
  return [...groups.values()].map(foldAttempts);
}

/** Each case as a test of its own: two tests may have one title, and look like attempts of one. */
export function keepApart(cases: readonly TestCase[]): readonly FoldedTest[] {
  return cases.map((testCase) => foldAttempts([testCase]));
}

/** Equal for all that a list of tests cannot tell apart. */
export function nameKey({ file, className, suites, suite, name }: TestCase): string {
  return JSON.stringify([file, className, suites, suite, name]);
}

function foldAttempts(cases: readonly [TestCase, ...TestCase[]]): FoldedTest {
  const ran = cases.filter(({ outcome }) => outcome !== 'skipped');
  const outcomes = ran.map(({ outcome }) => outcome);
  if (outcomes.at(-1) !== 'passed') return { outcome: worstOutcome(outcomes), flaky: false, cases };
  const failedBefore = outcomes.some((outcome) => outcome !== 'passed');
  return { outcome: 'passed', flaky: failedBefore || ran.some(({ flaky }) => flaky), cases };
}

const worstFirst: readonly TestOutcome[] = ['failed', 'errored', 'passed'];

/** What several outcomes say together: a failure is not hidden by a check that broke; nothing at all is skipped. */
export function worstOutcome(outcomes: readonly TestOutcome[]): TestOutcome {
  return worstFirst.find((outcome) => outcomes.includes(outcome)) ?? 'skipped';
}
