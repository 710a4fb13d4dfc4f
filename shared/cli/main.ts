#!/usr/bin/env node
import { describeError } from '../domain/errors.ts';
import { environment } from '../runtime/environment.ts';
import { type ExitCode, exitCodes } from './exit/exit-codes.ts';
import { explainExit } from './exit/explain-exit.ts';
import { exitCodeOfSignal, onStopSignal } from './exit/on-stop-signal.ts';
import { runCli } from './run-cli.ts';

// Node ends with 1 after an uncaught error, and with 13 when nothing is left to wait for; neither is a verdict. Set at
// the very end, since commander reads `process.exitCode` after it has printed a help text.
let exitCode: ExitCode = exitCodes.inconclusive;
process.on('exit', () => {
  process.exitCode = exitCode;
});
process.on('uncaughtException', (error) => {
  const { code, text } = explainExit(error);
  process.stderr.write(text);
  exitCode = code;
  process.exit();
});
// Warnings of libraries say nothing that a person could mend; what cannot be used is said by an error.
process.removeAllListeners('warning');
if (environment.DEPLOY_LOOP_LOG_LEVEL === 'info')
  process.on('warning', (warning) => process.stderr.write(`${describeError(warning)}\n`));
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
        process.exit();
      },
    ),
  stdout: process.stdout,
  stderr: process.stderr,
  env: environment,
  cwd: process.cwd(),
  isTty: process.stdout.isTTY === true,
});
setTimeout(() => process.exit(), lingerMs).unref();
