import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mutation } from './mutation.ts';

export type TestResult =
  /** At least one test ran, and all that ran passed. */
  | { readonly kind: 'green' }
  /** At least one test failed. */
  | { readonly kind: 'red' }
  | { readonly kind: 'timeout' }
  /** No test ran, or a test file did not load: that says nothing of a promise. */
  | { readonly kind: 'broken'; readonly output: string };

const timeoutMs = 120_000;
/** Thousands of schedules take minutes. */
const simulationTimeoutMs = 600_000;

const JestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** Runs the named tests in a copy of the tree, in one process, so that killing it ends them all. */
export async function runTests(
  root: string,
  { tests, testName }: Pick<Mutation, 'tests' | 'testName'>,
): Promise<TestResult> {
  const reportFile = join(root, 'jest-report.json');
  rmSync(reportFile, { force: true });
  const options = ['--json', `--outputFile=${reportFile}`, `--cacheDirectory=${join(root, '.jest-cache')}`];
  const name = testName === '' ? [] : [`--testNamePattern=${testName}`];
  const jest = [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--ci',
    '--runInBand',
    '--runTestsByPath',
  ];
  const child = spawn(process.execPath, [...jest, ...options, ...name, ...tests], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  // A mutated line may loop for ever, and then only this signal gets through.
  const isSimulation = tests.some((file) => file.includes('simulation'));
  const timer = setTimeout(() => child.kill('SIGKILL'), isSimulation ? simulationTimeoutMs : timeoutMs);
  const [, signal] = await once(child, 'close');
  clearTimeout(timer);
  return signal === 'SIGKILL' ? { kind: 'timeout' } : readReport(reportFile, output);
}

function readReport(path: string, output: string): TestResult {
  const broken: TestResult = { kind: 'broken', output: output.slice(-3000) };
  let report: z.infer<typeof JestReport>;
  try {
    report = JestReport.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return broken;
  }
  if (report.numFailedTests > 0) return { kind: 'red' };
  if (report.numRuntimeErrorTestSuites > 0 || report.numPassedTests === 0) return broken;
  return { kind: 'green' };
}
