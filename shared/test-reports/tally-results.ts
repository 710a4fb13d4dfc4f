import type { TestOutcome } from './test-case.ts';

interface Counted {
  readonly outcome: TestOutcome;
  readonly flaky?: boolean | undefined;
  readonly durationMs?: number | undefined;
}

/** The number of cases by outcome; each case counts, including retries of another. */
export interface ResultsTally {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  /** The passed cases that needed another attempt. */
  readonly flaky: number;
  /** The sum of the cases' durations; a case without one adds nothing. */
  readonly timeSeconds: number;
}

export const emptyTally: ResultsTally = {
  tests: 0,
  passed: 0,
  failed: 0,
  errored: 0,
  skipped: 0,
  flaky: 0,
  timeSeconds: 0,
};

/** Counts cases as they arrive, without keeping them. */
export class ResultsCounter {
  readonly #counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  #flaky = 0;
  #timeMs = 0;

  add({ outcome, flaky, durationMs }: Counted): void {
    this.#counts[outcome] += 1;
    if (flaky) this.#flaky += 1;
    this.#timeMs += durationMs ?? 0;
  }

  get tally(): ResultsTally {
    const { passed, failed, errored, skipped } = this.#counts;
    const tests = passed + failed + errored + skipped;
    return { tests, ...this.#counts, flaky: this.#flaky, timeSeconds: seconds(this.#timeMs) };
  }
}

export function sumTallies(tallies: readonly ResultsTally[]): ResultsTally {
  return tallies.reduce((sum, tally) => {
    return {
      tests: sum.tests + tally.tests,
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      errored: sum.errored + tally.errored,
      skipped: sum.skipped + tally.skipped,
      flaky: sum.flaky + tally.flaky,
      timeSeconds: seconds((sum.timeSeconds + tally.timeSeconds) * 1000),
    };
  }, emptyTally);
}

/** To the microsecond, without the rounding noise of binary fractions. */
function seconds(ms: number): number {
  return Math.round(ms * 1e3) / 1e6;
}
