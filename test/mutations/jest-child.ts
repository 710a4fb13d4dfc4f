import { runCLI } from 'jest';
import type { JestReply, JestRequest } from './jest-process.ts';

/** Runs jest again and again in one process, in its working directory, for `JestProcess`. */
process.on('message', async (request: JestRequest) => process.send?.(await run(request)));

async function run({ tests, testName, cacheDirectory }: JestRequest): Promise<JestReply> {
  try {
    const { results } = await runCLI(
      {
        $0: 'jest',
        _: [...tests],
        ci: true,
        runInBand: true,
        runTestsByPath: true,
        passWithNoTests: true,
        watchman: false,
        silent: true,
        reporters: [],
        cacheDirectory,
        ...(testName !== '' && { testNamePattern: testName }),
      },
      [process.cwd()],
    );
    const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: unloaded } = results;
    const output = results.testResults.map(({ failureMessage }) => failureMessage ?? '').join('\n');
    return { passed, failed, unloaded, output };
  } catch (error) {
    return {
      passed: 0,
      failed: 0,
      unloaded: 1,
      output: error instanceof Error ? error.message : String(error),
    };
  }
}
