import { capText, cutText } from '../domain/render/cut-text.ts';
import { printable } from './printable.ts';
import type { TestCase, TestOutcome } from './test-case.ts';

const maxMessageLength = 4096;

/** The data of one test in a report, as written there. */
export interface ReportedTest {
  readonly name: string;
  readonly className?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: string | undefined;
  readonly suites: readonly string[];
  readonly suite: number;
  readonly outcome: TestOutcome;
  readonly flaky: boolean;
  readonly durationMs?: number | undefined;
  readonly message?: string | undefined;
  readonly ranAtMs?: number | undefined;
  readonly reruns: number;
}

/** Makes texts printable and short, and names the test. */
export function buildTestCase(test: ReportedTest): TestCase {
  const name = keep(test.name);
  const className = test.className ? keep(test.className) : undefined;
  const file = test.file ? keep(test.file) : undefined;
  const { suites, suite, outcome, flaky, durationMs, ranAtMs, reruns } = test;
  const groups = className === undefined ? suites : [className];
  return {
    id: [file, ...groups, name].filter((part) => part !== undefined && part !== '').join('::'),
    name,
    ...(className !== undefined && { className }),
    ...(file !== undefined && { file }),
    ...(test.line && { line: keep(test.line) }),
    suites,
    suite,
    outcome,
    flaky,
    ...(durationMs !== undefined && { durationMs }),
    ...(test.message && {
      message: capText(keep(cutText(test.message, 2 * maxMessageLength)), maxMessageLength),
    }),
    ...(ranAtMs !== undefined && { ranAtMs }),
    reruns,
  };
}

/** A substring keeps its whole source text alive: here a chunk of the report for each case. */
function keep(text: string): string {
  return ` ${printable(text)}`.slice(1);
}
