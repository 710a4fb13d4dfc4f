import { isSimulation, type Mutation } from './mutation.ts';
import type { TestReport } from './test-report.ts';
import type { TestResult } from './test-result.ts';

/** What ran before any line was changed. */
export interface ReportsBefore {
  /** Of the whole suite, in the tree itself. */
  readonly suite?: TestReport | undefined;
  /** Of the rows' test files in a copy, the simulation aside. */
  readonly copy?: TestReport | undefined;
}

/** Knows how the tests of a row end before any line is changed; has them run only where no report says so. */
export class TestsBefore {
  readonly #reports: ReportsBefore;
  readonly #runs = new Map<string, Promise<TestResult>>();

  constructor(reports: ReportsBefore) {
    this.#reports = reports;
  }

  /**
   * Green only if every report that must know the row's tests has them green.
   *
   * @param run runs them by themselves, in a copy
   */
  async resultOf(mutation: Mutation, run: () => Promise<TestResult>): Promise<TestResult> {
    const { suite, copy } = this.#reports;
    const reports = isSimulation(mutation) ? [suite] : [copy, suite];
    const results = reports.flatMap((report) => report?.resultOf(mutation) ?? []);
    if (results.length === 0) return await this.#runOnce(mutation, run);
    return results.find(({ kind }) => kind !== 'green') ?? { kind: 'green' };
  }

  /** Rows with the same tests see them run once, in whichever copy: the copies are the same. */
  #runOnce({ tests, testName }: Mutation, run: () => Promise<TestResult>): Promise<TestResult> {
    const key = JSON.stringify([tests, testName]);
    const result = this.#runs.get(key) ?? run();
    this.#runs.set(key, result);
    return result;
  }
}
