import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isSimulation, type Mutation } from './mutation.ts';
import { TestReport } from './test-report.ts';
import type { TestResult } from './test-result.ts';

const timeoutMs = 120_000;
const simulationTimeoutMs = 600_000;
const filesTimeoutMs = 600_000;

const JestCounts = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

interface JestRun {
  readonly reportFile: string;
  readonly output: string;
  readonly timedOut: boolean;
}

/** Runs the named tests in a copy of the tree, in one process, so that killing it ends them all. */
export async function runTests(
  root: string,
  mutation: Pick<Mutation, 'tests' | 'testName'>,
): Promise<TestResult> {
  const { tests, testName } = mutation;
  const name = testName === '' ? [] : [`--testNamePattern=${testName}`];
  // A mutated line may loop for ever, and then only a signal gets through.
  const limitMs = isSimulation(mutation) ? simulationTimeoutMs : timeoutMs;
  const { reportFile, output, timedOut } = await runJest(root, ['--runInBand', ...name], tests, limitMs);
  return timedOut ? { kind: 'timeout' } : readCounts(reportFile, output);
}

/** Runs test files as a whole in a copy of the tree. @throws {Error} they have no report */
export async function runFiles(root: string, files: readonly string[]): Promise<TestReport> {
  const { reportFile, output } = await runJest(root, [], files, filesTimeoutMs);
  if (!existsSync(reportFile)) throw new Error(`the tests did not end: ${output.slice(-3000)}`);
  return TestReport.read(reportFile, root);
}

async function runJest(
  root: string,
  options: readonly string[],
  files: readonly string[],
  limitMs: number,
): Promise<JestRun> {
  const reportFile = join(root, 'jest-report.json');
  rmSync(reportFile, { force: true });
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci'];
  const report = ['--json', `--outputFile=${reportFile}`, `--cacheDirectory=${join(root, '.jest-cache')}`];
  const child = spawn(process.execPath, [...jest, ...report, ...options, '--runTestsByPath', ...files], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = child.kill('SIGKILL');
  }, limitMs);
  await once(child, 'close');
  clearTimeout(timer);
  return { reportFile, output, timedOut };
}

function readCounts(path: string, output: string): TestResult {
  const broken: TestResult = { kind: 'broken', output: output.slice(-3000) };
  let counts: z.infer<typeof JestCounts>;
  try {
    counts = JestCounts.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return broken;
  }
  if (counts.numFailedTests > 0) return { kind: 'red' };
  if (counts.numRuntimeErrorTestSuites > 0 || counts.numPassedTests === 0) return broken;
  return { kind: 'green' };
}
