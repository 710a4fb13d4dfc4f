#!/usr/bin/env node
import { errorDocument } from '../output/error-output.ts';
import { environment } from '../runtime/environment.ts';
import { visibleSink } from './cli-io.ts';
import { type ExitCode, exitCodes } from './exit/exit-codes.ts';
import { explainExit } from './exit/explain-exit.ts';
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
process.on('uncaughtException', (error) => {
  const { code, text, error: told } = explainExit(error);
  stderr.write(text);
  if (told && !isOver && process.argv.includes('--json'))
    stdout.write(`${JSON.stringify(errorDocument(told))}\n`);
  exitCode = code;
  process.exit();
});
// The reader of our output may stop reading: `deploy-loop … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// A client may go on retrying a database that is down; its response is no longer needed.
const lingerMs = 1_000;

exitCode = await runCli(process.argv.slice(2), {
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
});
isOver = true;
setTimeout(() => process.exit(), lingerMs).unref();
