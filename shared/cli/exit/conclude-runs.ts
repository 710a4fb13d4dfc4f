import { validatedDocument } from '../../output/command-output.ts';
import type { RunReport } from '../../services/query-reports.ts';
import { type EarlierRun, summarizeRun } from '../../wording/summarize-run.ts';
import type { CliIo } from '../cli-io.ts';
import { recordsOptionsOf, type StoreOptions } from '../options/store-options.ts';
import { CommandExit } from './command-exit.ts';
import { exitCodeOfDeploy } from './exit-code-of.ts';
import { exitCodes } from './exit-codes.ts';
import { printDocument } from './print-document.ts';

/** What to report of one run. */
export interface ConcludedRun extends RunReport {
  /** It had ended before the command began. */
  readonly earlier?: EarlierRun | undefined;
  /** Further lines below its summary. */
  readonly more?: string | undefined;
}

/**
 * Prints the results of runs, and ends the command with their verdict.
 * @param whyNothing called if there is no run to report
 * @throws {CommandExit} they did not all pass
 */
export async function concludeRuns(
  reports: readonly ConcludedRun[],
  options: StoreOptions & { readonly json?: true },
  whyNothing: () => Promise<string>,
  io: CliIo,
): Promise<void> {
  const code = exitCodeOfDeploy(reports);
  const why = reports.length === 0 ? await whyNothing() : undefined;
  if (why !== undefined) io.stderr.write(`nothing was validated: ${why}\n`);
  if (options.json) return printDocument(validatedDocument(reports, why, code), io);
  const records = recordsOptionsOf(options) ?? null;
  for (const report of reports)
    io.stdout.write(`\n${summarizeRun(report, report.earlier, records)}${report.more ?? ''}`);
  if (code !== exitCodes.pass) throw new CommandExit(code);
}
