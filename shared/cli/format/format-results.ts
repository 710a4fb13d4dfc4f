import { oneLine } from '../../domain/render/one-line.ts';
import type { ResultsProblem } from '../../test-reports/results-problem.ts';
import type { ResultsTally } from '../../test-reports/tally-results.ts';
import type { TestOutcome } from '../../test-reports/test-case.ts';
import { formatTable } from '../../wording/format-table.ts';

export interface FileResults extends ResultsTally {
  readonly file: string;
  readonly problems: readonly ResultsProblem[];
  /** Some of those that did not pass, and why. */
  readonly cases?: readonly ShownCase[];
}

export interface ShownCase {
  readonly id: string;
  readonly outcome: TestOutcome;
  readonly detail: string;
}

/** Longer ones are in the JSON. */
const maxDetailLength = 300;
const head = ['FILE', 'TESTS', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'FLAKY', 'SECONDS'];

/**
 * A row for each report and one for all, then a line for each problem, `a.xml:3:7: error: what it is`, and for cases
 * that did not pass, `a.xml: errored: its id: why`.
 */
export function formatResults(files: readonly FileResults[], totals: ResultsTally): string {
  const rows = files.map((file) => row(file.file, file));
  const all = files.length > 1 ? [row('all', totals)] : [];
  const lines = files.flatMap(({ file, problems, cases = [] }) => [
    ...problems.map((problem) => `${formatProblem(file, problem)}\n`),
    ...cases.map((one) => `${formatCase(file, one)}\n`),
  ]);
  return formatTable(head, [...rows, ...all]) + lines.join('');
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

function formatCase(file: string, { id, outcome, detail }: ShownCase): string {
  const why = detail === '' ? '' : `: ${oneLine(detail, maxDetailLength)}`;
  return `${file}: ${outcome}: ${oneLine(id, maxDetailLength) || 'a case without a name'}${why}`;
}
