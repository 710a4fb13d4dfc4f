import { oneLine } from '../../domain/render/one-line.ts';
import type { ResultsProblem } from '../../test-reports/results-problem.ts';
import type { ResultsTally } from '../../test-reports/tally-results.ts';
import type { TestOutcome } from '../../test-reports/test-case.ts';
import { formatTable } from '../../wording/format-table.ts';

export interface FileResults extends ResultsTally {
  readonly file: string;
  readonly problems: readonly ResultsProblem[];
  /** Some of the cases that did not pass, with the reason. */
  readonly cases?: readonly ShownCase[];
}

export interface ShownCase {
  readonly id: string;
  readonly outcome: TestOutcome;
  readonly detail: string;
}

/** Longer texts are in the JSON. */
const maxDetailLength = 300;
const head = ['FILE', 'TESTS', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'FLAKY', 'SECONDS'];

/**
 * One row per report and one for the total; then one line per problem, `a.xml:3:7: error: the problem`, and one per
 * case that did not pass, `a.xml: errored: its id: the reason`.
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
