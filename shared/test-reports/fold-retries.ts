import type { TestCase, TestOutcome } from './test-case.ts';

/** One test of a report, with all its cases. */
export interface FoldedTest {
  readonly outcome: TestOutcome;
  readonly flaky: boolean;
  /** In the order of the report, at least one. */
  readonly cases: readonly [TestCase, ...TestCase[]];
}

/**
 * Folds the cases that are attempts of one test: with the same file, line, class name and name in the same suite
 * element. The last attempt decides: a pass after a failure is flaky. Without a pass at the end, one failed attempt
 * makes the test `failed`, otherwise it is `errored`. A skipped attempt changes nothing.
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

/** Each case as a test of its own: two tests may share a title, and look like attempts of one. */
export function keepApart(cases: readonly TestCase[]): readonly FoldedTest[] {
  return cases.map((testCase) => foldAttempts([testCase]));
}

/** Equal for tests that a list cannot distinguish. */
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

/** Combines several outcomes: an errored one does not hide a failure; without any outcome it is skipped. */
export function worstOutcome(outcomes: readonly TestOutcome[]): TestOutcome {
  return worstFirst.find((outcome) => outcomes.includes(outcome)) ?? 'skipped';
}
