import type { ResultsProblem } from '../../test-reports/results-problem.ts';
import type { ResultsTally } from '../../test-reports/tally-results.ts';
import { formatTable } from '../../wording/format-table.ts';

export interface FileResults extends ResultsTally {
  readonly file: string;
  readonly problems: readonly ResultsProblem[];
}

const head = ['FILE', 'TESTS', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'FLAKY', 'SECONDS'];

/** A row for each report and one for all, then a line for each problem: `a.xml:3:7: error: what it is`. */
export function formatResults(files: readonly FileResults[], totals: ResultsTally): string {
  const rows = files.map((file) => row(file.file, file));
  const all = files.length > 1 ? [row('all', totals)] : [];
  const problems = files.flatMap(({ file, problems }) =>
    problems.map((problem) => `${formatProblem(file, problem)}\n`),
  );
  return formatTable(head, [...rows, ...all]) + problems.join('');
}

function row(name: string, tally: ResultsTally): readonly string[] {
  const { tests, passed, failed, errored, skipped, flaky, timeSeconds } = tally;
  return [name, ...[tests, passed, failed, errored, skipped, flaky].map(String), timeSeconds.toFixed(3)];
}

function formatProblem(file: string, { severity, message, line, column, count }: ResultsProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  const more = count > 1 ? ` (${count} times)` : '';
  return `${place}: ${severity}: ${message.replace(/\s+/g, ' ')}${more}`;
}
