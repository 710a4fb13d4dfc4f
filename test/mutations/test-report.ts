import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mutation } from './mutation.ts';
import type { TestResult } from './test-result.ts';

const Report = z.object({
  testResults: z.array(
    z.object({
      /** Of the test file, absolute. */
      name: z.string(),
      /** Why the file did not load; otherwise the failures of its tests. */
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What one run of jest says of each test (`jest --json`). */
export class TestReport {
  readonly #root: string;
  readonly #files: z.infer<typeof Report>['testResults'];

  /** @param root of the tree whose tests ran */
  private constructor(root: string, files: z.infer<typeof Report>['testResults']) {
    this.#root = realpathSync(root);
    this.#files = files;
  }

  /** @throws {Error} there is no such report */
  static read(path: string, root: string): TestReport {
    return new TestReport(root, Report.parse(JSON.parse(readFileSync(path, 'utf8'))).testResults);
  }

  /** How the tests of a row ended: as if they had run alone, by the same rules. */
  resultOf({ tests, testName }: Pick<Mutation, 'tests' | 'testName'>): TestResult {
    const paths = tests.map((test) => join(this.#root, test));
    const files = this.#files.filter(({ name }) => paths.includes(name));
    const pattern = new RegExp(testName, 'i');
    const statuses = files
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ fullName }) => pattern.test(fullName))
      .map(({ status }) => status);
    if (statuses.includes('failed')) return { kind: 'red' };
    const unloaded = files.find(({ assertionResults }) => assertionResults.length === 0);
    if (unloaded) return { kind: 'broken', output: unloaded.message.slice(-3000) };
    if (files.length < paths.length || !statuses.includes('passed'))
      return { kind: 'broken', output: 'the report has no such test' };
    return { kind: 'green' };
  }
}
