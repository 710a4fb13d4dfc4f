import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Mutation } from './mutation.ts';
import { TestReport } from './test-report.ts';
import type { TestResult } from './test-result.ts';
import { TestsBefore } from './tests-before.ts';

const aMutation = (tests: readonly string[], testName = ''): Mutation => ({
  promise: 'p',
  file: 'a.ts',
  original: 'x',
  mutated: 'y',
  tests,
  testName,
});
const row = aMutation(['test/a.test.ts']);
const simulationRow = aMutation(['test/simulation/simulation.test.ts']);

describe('TestsBefore', () => {
  let root: string;
  const runs: string[] = [];
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'before-')));
    runs.length = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const reportOf = (status: string, { tests }: Mutation = row) => {
    const assertionResults = [{ fullName: 'it holds', status }];
    const testResults = tests.map((test) => ({ name: join(root, test), message: '', assertionResults }));
    const path = join(root, 'report.json');
    writeFileSync(path, JSON.stringify({ testResults }));
    return TestReport.read(path, root);
  };
  const run = (kind: 'green' | 'red') => async (): Promise<TestResult> => {
    runs.push(kind);
    return { kind };
  };

  it.each([
    ['passed', 'passed', 'green'],
    ['failed', 'passed', 'red'],
    ['passed', 'failed', 'red'],
    ['passed', 'pending', 'broken'],
  ])('takes %s in the copy and %s in the suite for %s', async (inCopy, inSuite, kind) => {
    const before = new TestsBefore({ copy: reportOf(inCopy), suite: reportOf(inSuite) });
    expect(await before.resultOf(row, run('green'))).toMatchObject({ kind });
    expect(runs).toEqual([]);
  });

  it('takes the word of the copy alone where the suite has not run', async () => {
    const before = new TestsBefore({ copy: reportOf('passed') });
    expect(await before.resultOf(row, run('red'))).toEqual({ kind: 'green' });
  });

  it('takes the word of the suite alone for a simulation, and runs it without one', async () => {
    const suite = reportOf('passed', simulationRow);
    const withSuite = new TestsBefore({ copy: reportOf('passed'), suite });
    expect(await withSuite.resultOf(simulationRow, run('red'))).toEqual({ kind: 'green' });
    const without = new TestsBefore({ copy: reportOf('passed') });
    expect(await without.resultOf(simulationRow, run('red'))).toEqual({ kind: 'red' });
  });

  it('runs the tests of each row without reports, the same tests once', async () => {
    const before = new TestsBefore({});
    for (const testName of ['one', 'two', 'one'])
      await before.resultOf(aMutation(['test/a.test.ts'], testName), run('green'));
    expect(runs).toEqual(['green', 'green']);
  });
});
