import type { CheckResult } from '../../domain/checks/check-result.ts';
import { judgeWholeReport } from '../../test-reports/judge-report.ts';
import { readReport } from '../../test-reports/read-report.ts';
import { readResults } from '../../test-reports/read-results.ts';
import { emptyTally, ResultsCounter } from '../../test-reports/tally-results.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import type { FileResults, ShownCase } from '../format/format-results.ts';
import { openReport } from './open-report.ts';

const maxShown = 20;

/** The results of one report. @param exitCode of the command that wrote it; undefined: its cases are only counted */
export async function readCaseResults(
  file: string,
  cwd: string,
  exitCode: number | undefined,
): Promise<FileResults> {
  try {
    const bytes = openReport(file, cwd);
    return { file, ...(await (exitCode === undefined ? countCases(bytes) : judgeCases(bytes, exitCode))) };
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const { message } = error;
    return { file, ...emptyTally, problems: [{ kind: 'unreadable', severity: 'error', message, count: 1 }] };
  }
}

type Counted = Omit<FileResults, 'file'>;

/** Keeps no cases, however many there are, except the first ones that failed or errored. */
async function countCases(bytes: AsyncIterable<Uint8Array>): Promise<Counted> {
  const counter = new ResultsCounter();
  const shown: ShownCase[] = [];
  const problems = await readResults(bytes, (one) => {
    counter.add(one);
    const isBad = one.outcome === 'failed' || one.outcome === 'errored';
    if (isBad && shown.length < maxShown) shown.push(shownCase(one, one.message));
  });
  return { ...counter.tally, problems, ...(shown.length > 0 && { cases: shown }) };
}

/** Judges a report as that of a shard. The start of the command is not known, so no case counts as stale. */
async function judgeCases(bytes: AsyncIterable<Uint8Array>, exitCode: number): Promise<Counted> {
  const report = await readReport(bytes);
  const ended = { how: 'exited', code: exitCode, signal: undefined, tail: '' } as const;
  const results = judgeWholeReport(report, ended);
  const counter = new ResultsCounter();
  for (const result of results) counter.add(result);
  const shown = results
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'errored')
    .slice(0, maxShown)
    .map((result) => shownCase(result, result.detail));
  return { ...counter.tally, problems: report.problems, ...(shown.length > 0 && { cases: shown }) };
}

function shownCase({ id, outcome }: Pick<CheckResult, 'id' | 'outcome'>, detail = ''): ShownCase {
  return { id, outcome, detail };
}
