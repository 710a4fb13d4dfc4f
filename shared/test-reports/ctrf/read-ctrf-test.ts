import { buildTestCase } from '../build-test-case.ts';
import type { TestCase, TestOutcome } from '../test-case.ts';
import type { CtrfTest } from './ctrf-report.ts';

/**
 * `pending` is a test that is planned and was not run: skipped. `other` is what the tool itself could not call passed
 * or failed (blocked, timed out, interrupted): errored, so that it is never taken for a pass.
 */
const outcomes: Readonly<Record<CtrfTest['status'], TestOutcome>> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
  other: 'errored',
};

export function readCtrfTest(test: CtrfTest): TestCase {
  const outcome = outcomes[test.status];
  return buildTestCase({
    name: test.name,
    file: test.filePath ?? undefined,
    suites: test.suite ? [test.suite].flat() : [],
    suite: 0,
    outcome,
    flaky: outcome === 'passed' && neededRetry(test),
    notRun: false,
    durationMs: ctrfDuration(test.duration),
    message: [test.message, test.trace].filter((text) => text).join('\n'),
    ranAtMs: ctrfDuration(test.start),
    reruns: test.retryAttempts?.length ?? test.retries ?? 0,
  });
}

/** @returns undefined for what is no time */
export function ctrfDuration(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The attempts speak first, then the flag; a bare count of retries means that there was something to retry. */
function neededRetry({ flaky, retries, retryAttempts }: CtrfTest): boolean {
  if (retryAttempts?.some(({ status }) => status === 'failed' || status === 'other')) return true;
  return flaky ?? (!retryAttempts && (retries ?? 0) > 0);
}
