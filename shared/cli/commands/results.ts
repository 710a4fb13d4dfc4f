import { Command } from 'commander';
import { resultsDocument } from '../../output/report-output.ts';
import { type ResultsTally, sumTallies } from '../../test-reports/tally-results.ts';
import type { CliIo } from '../cli-io.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { type ExitCode, exitCodes } from '../exit/exit-codes.ts';
import { printDocument } from '../exit/print-document.ts';
import { type FileResults, formatResults } from '../format/format-results.ts';
import { readCaseResults } from '../input/read-case-results.ts';
import { parseExitCode } from '../options/parse-exit-code.ts';

interface ResultsOptions {
  readonly exitCode?: number;
  readonly json?: true;
}

/** `deploy-loop results FILE...`: prints what test reports say, and whether they are reliable. */
export function resultsCommand(io: CliIo): Command {
  return new Command('results')
    .description('read test reports (JUnit XML, CTRF) and print their totals')
    .argument('<file...>', 'the reports')
    .option(
      '--exit-code <n>',
      'judge each report as that of a command suite whose command exited with this code',
      parseExitCode,
    )
    .action(async (names: string[], _options, command: Command) => {
      const { exitCode, json } = command.optsWithGlobals<ResultsOptions>();
      const files: FileResults[] = [];
      for (const name of names) files.push(await readCaseResults(name, io.cwd, exitCode));
      const totals = sumTallies(files);
      const code = exitCodeFor(files, totals);
      if (json) return printDocument(resultsDocument(files, totals, code), io);
      io.stdout.write(formatResults(files, totals));
      if (code !== exitCodes.pass) throw new CommandExit(code);
    });
}

/** A failed test counts even in an unreliable report; without a failed test, an unreliable report is inconclusive. */
function exitCodeFor(files: readonly FileResults[], { failed, errored }: ResultsTally): ExitCode {
  if (failed + errored > 0) return exitCodes.fail;
  const broken = files.some(({ problems }) => problems.some(({ severity }) => severity === 'error'));
  return broken ? exitCodes.inconclusive : exitCodes.pass;
}
