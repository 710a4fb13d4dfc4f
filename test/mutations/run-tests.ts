import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JestProcess } from './jest-process.ts';
import { isSimulation, type Mutation } from './mutation.ts';
import { TestReport } from './test-report.ts';
import type { TestResult } from './test-result.ts';

const timeoutMs = 120_000;
const simulationTimeoutMs = 600_000;
const filesTimeoutMs = 600_000;

/** Runs the named tests of a row. */
export async function runTests(
  jest: Pick<JestProcess, 'run'>,
  mutation: Pick<Mutation, 'tests' | 'testName'>,
): Promise<TestResult> {
  const limitMs = isSimulation(mutation) ? simulationTimeoutMs : timeoutMs;
  const reply = await jest.run(mutation.tests, mutation.testName, limitMs);
  if (reply === 'timeout') return { kind: 'timeout' };
  const { passed, failed, unloaded, output } = reply;
  if (failed > 0) return { kind: 'red' };
  if (unloaded > 0 || passed === 0) return { kind: 'broken', output: output.slice(-3000) };
  return { kind: 'green' };
}

/** Runs test files as a whole in a copy of the tree. @throws {Error} they have no report */
export async function runFiles(root: string, files: readonly string[]): Promise<TestReport> {
  const reportFile = join(root, 'jest-report.json');
  rmSync(reportFile, { force: true });
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci'];
  const report = ['--json', `--outputFile=${reportFile}`, `--cacheDirectory=${join(root, '.jest-cache')}`];
  const child = spawn(process.execPath, [...jest, ...report, '--runTestsByPath', ...files], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: filesTimeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  if (!existsSync(reportFile)) throw new Error(`the tests did not end: ${output.slice(-3000)}`);
  return TestReport.read(reportFile, root);
}
