import type { RunReport } from '../../services/query-reports.ts';
import { type EarlierRun, summarizeRun } from '../../wording/summarize-run.ts';
import type { CliIo } from '../cli-io.ts';
import { CommandExit } from './command-exit.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { exitCodes } from './exit-codes.ts';

/** What to report of one run. */
export interface ConcludedRun extends RunReport {
  /** It had ended before the command began. */
  readonly earlier?: EarlierRun | undefined;
}

/**
 * Prints the results of runs, and ends the command with their verdict.
 * @param whyNothing called if there is no run to report
 * @throws {CommandExit} they did not all pass
 */
export async function concludeRuns(
  reports: readonly ConcludedRun[],
  { json }: { readonly json: boolean },
  whyNothing: () => Promise<string>,
  io: CliIo,
): Promise<void> {
  if (json) io.stdout.write(`${JSON.stringify({ runs: reports })}\n`);
  else for (const report of reports) io.stdout.write(`\n${summarizeRun(report, report.earlier)}`);
  if (reports.length === 0) io.stderr.write(`nothing was validated: ${await whyNothing()}\n`);
  const code = exitCodeOf(reports);
  if (code !== exitCodes.pass) throw new CommandExit(code);
}
