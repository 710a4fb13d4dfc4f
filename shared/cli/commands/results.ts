import { Command } from 'commander';
import { readResults } from '../../test-reports/read-results.ts';
import {
  emptyTally,
  ResultsCounter,
  type ResultsTally,
  sumTallies,
} from '../../test-reports/tally-results.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { type ExitCode, exitCodes } from '../exit/exit-codes.ts';
import { type FileResults, formatResults } from '../format/format-results.ts';
import { openReport } from '../input/open-report.ts';

/** `deploy-loop results FILE...`: what do these test reports say, and may they be relied on? */
export function resultsCommand(io: CliIo): Command {
  return new Command('results')
    .description('read test reports (JUnit XML, CTRF) and print their totals')
    .argument('<file...>', 'the reports')
    .action(async (names: string[], _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: true }>();
      const files: FileResults[] = [];
      for (const name of names) files.push(await readReport(name, io.cwd));
      const totals = sumTallies(files);
      io.stdout.write(json ? `${JSON.stringify({ files, totals })}\n` : formatResults(files, totals));
      const code = exitCodeFor(files, totals);
      if (code !== exitCodes.pass) throw new CommandExit(code);
    });
}

async function readReport(file: string, cwd: string): Promise<FileResults> {
  const counter = new ResultsCounter();
  try {
    const problems = await readResults(openReport(file, cwd), (testCase) => counter.add(testCase));
    return { file, ...counter.tally, problems };
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const { message } = error;
    return { file, ...emptyTally, problems: [{ kind: 'unreadable', severity: 'error', message, count: 1 }] };
  }
}

/** A failure that was seen is one, also beside a broken report; without one, a report that cannot be relied on decides. */
function exitCodeFor(files: readonly FileResults[], { failed, errored }: ResultsTally): ExitCode {
  if (failed + errored > 0) return exitCodes.fail;
  const broken = files.some(({ problems }) => problems.some(({ severity }) => severity === 'error'));
  return broken ? exitCodes.inconclusive : exitCodes.pass;
}
