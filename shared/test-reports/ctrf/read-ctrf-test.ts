import { buildTestCase } from '../build-test-case.ts';
import type { TestCase, TestOutcome } from '../test-case.ts';
import { describeWord, outcomeOfWord } from '../values/outcome-of-word.ts';
import { isPlausibleTime } from '../values/plausible-time.ts';
import type { CtrfTest } from './ctrf-report.ts';

/**
 * `pending` is a planned test that was not run: skipped. `other` is neither passed nor failed according to the tool
 * (blocked, timed out, interrupted); like an unknown word it counts as errored, never as a pass.
 */
export function readCtrfTest(test: CtrfTest): TestCase {
  const outcome = outcomeOfWord(test.status) ?? 'errored';
  const startMs = ctrfDuration(test.start);
  return buildTestCase({
    name: test.name,
    file: test.filePath ?? undefined,
    line: typeof test.line === 'number' ? String(test.line) : undefined,
    suites: test.suite ? [test.suite].flat() : [],
    suite: 0,
    outcome,
    flaky: outcome === 'passed' && neededRetry(test),
    durationMs: ctrfDuration(test.duration),
    message: [test.message, test.trace].filter((text) => text).join('\n') || whyNot(outcome, test.status),
    ranAtMs: startMs !== undefined && isPlausibleTime(startMs) ? startMs : undefined,
    reruns: test.retryAttempts?.length ?? test.retries ?? 0,
  });
}

/** @returns undefined for an invalid time */
export function ctrfDuration(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The attempts take precedence, then the flag; a bare number of retries means that there was a reason to retry. */
function neededRetry({ flaky, retries, retryAttempts }: CtrfTest): boolean {
  if (retryAttempts?.some(({ status }) => status && isTrouble(outcomeOfWord(status)))) return true;
  return flaky ?? (!retryAttempts && (retries ?? 0) > 0);
}

function isTrouble(outcome: TestOutcome | undefined): boolean {
  return outcome !== 'passed' && outcome !== 'skipped';
}

/** A message for a test that has none of its own. */
function whyNot(outcome: TestOutcome, status: string): string | undefined {
  return outcome === 'passed' || outcome === 'skipped' ? undefined : describeWord(status);
}
