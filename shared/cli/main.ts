#!/usr/bin/env node
import { describeError } from '../domain/errors.ts';
import { errorDocument } from '../output/error-output.ts';
import { environment } from '../runtime/environment.ts';
import { visibleSink } from './cli-io.ts';
import { type ExitCode, exitCodes } from './exit/exit-codes.ts';
import { explainExit } from './exit/explain-exit.ts';
import { exitCodeOfSignal, onStopSignal } from './exit/on-stop-signal.ts';
import { packageFolder } from './package-folder.ts';
import { runCli } from './run-cli.ts';
import { startFolder } from './start-folder.ts';

// Node ends with 1 after an uncaught error, and with 13 when nothing is left to wait for; neither is a verdict. Set at
// the very end, since commander reads `process.exitCode` after it has printed a help text.
let exitCode: ExitCode = exitCodes.inconclusive;
process.on('exit', () => {
  process.exitCode = exitCode;
});
let isOver = false;
const stdout = visibleSink(process.stdout);
const stderr = visibleSink(process.stderr);
const isJson = process.argv.includes('--json');
process.on('uncaughtException', (error) => {
  const { code, text, error: told } = explainExit(error);
  stderr.write(text);
  if (told && !isOver && isJson) stdout.write(`${JSON.stringify(errorDocument(told))}\n`);
  exitCode = code;
  process.exit();
});
// Warnings of libraries say nothing that a person could mend; what cannot be used is said by an error.
process.removeAllListeners('warning');
if (environment.DEPLOY_LOOP_LOG_LEVEL === 'info')
  process.on('warning', (warning) => stderr.write(`${describeError(warning)}\n`));
// The reader of our output may stop reading: `deploy-loop … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// A client may go on retrying a database that is down; its response is no longer needed.
const lingerMs = 1_000;

exitCode = await runCli(process.argv.slice(2), {
  onStopSignal: (first) =>
    onStopSignal(
      process,
      () => performance.now(),
      first,
      (signal) => {
        exitCode = exitCodeOfSignal(signal);
        const message = `ended by a second ${signal}: what was in progress was not completed`;
        if (isJson)
          stdout.write(`${JSON.stringify(errorDocument({ code: 'interrupted', message, exitCode }))}\n`);
        process.exit();
      },
    ),
  stdout: process.stdout,
  stderr: process.stderr,
  env: environment,
  cwd: startFolder({
    env: environment,
    cwd: process.cwd(),
    packageFolder: packageFolder(),
    script: 'deploy-loop',
  }),
  isTty: process.stdout.isTTY === true,
  now: () => new Date(),
});
isOver = true;
setTimeout(() => process.exit(), lingerMs).unref();
