import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestReport } from './test-report.ts';

const passed = 'passed';
const failed = 'failed';
const pending = 'pending';

describe('TestReport', () => {
  let root: string;
  let report: TestReport;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'report-')));
    const file = (name: string, statuses: Readonly<Record<string, string>>) => ({
      name: join(root, name),
      message: 'no such module',
      assertionResults: Object.entries(statuses).map(([fullName, status]) => ({ fullName, status })),
    });
    const testResults = [
      file('a.test.ts', { 'a store Keeps': passed, 'a store loses': failed, 'a store waits': pending }),
      file('b.test.ts', { 'a bus keeps': passed }),
      file('c.test.ts', {}),
    ];
    const path = join(root, 'report.json');
    writeFileSync(path, JSON.stringify({ numPassedTests: 2, testResults }));
    report = TestReport.read(path, root);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['whose tests passed, by a pattern in either case', ['a.test.ts'], 'store keeps', 'green'],
    ['of several files', ['a.test.ts', 'b.test.ts'], 'keeps', 'green'],
    ['of all tests of a file', ['b.test.ts'], '', 'green'],
    ['with a test that failed', ['a.test.ts', 'b.test.ts'], '', 'red'],
    ['whose test was skipped', ['a.test.ts'], 'waits', 'broken'],
    ['whose pattern fits no test', ['b.test.ts'], 'loses', 'broken'],
    ['of a file that did not load', ['b.test.ts', 'c.test.ts'], 'keeps', 'broken'],
    ['of a file that did not run', ['b.test.ts', 'd.test.ts'], 'keeps', 'broken'],
  ])('knows a row %s', (_, tests, testName, kind) => {
    expect(report.resultOf({ tests, testName })).toMatchObject({ kind });
  });

  it('refuses what is no report', () => {
    writeFileSync(join(root, 'report.json'), '{}');
    expect(() => TestReport.read(join(root, 'report.json'), root)).toThrow('testResults');
  });
});
