import { readResults } from './read-results.ts';
import type { ResultsProblem } from './results-problem.ts';
import type { TestCase } from './test-case.ts';

/** The content of one command's report. */
export interface Report {
  readonly cases: readonly TestCase[];
  readonly problems: readonly ResultsProblem[];
  /** `older`: the file existed before the command started. */
  readonly state: 'written' | 'missing' | 'older';
}

export const noReport: Report = { cases: [], problems: [], state: 'missing' };

/** Far more than any single run has; a small report can contain millions of empty cases. */
const maxCases = 200_000;

/** Reads the report of one command whole. @param source its bytes; errors of the source are thrown on */
export async function readReport(source: AsyncIterable<Uint8Array>): Promise<Report> {
  const cases: TestCase[] = [];
  let left = 0;
  const problems = await readResults(source, (one) => {
    if (cases.length < maxCases) cases.push(one);
    else left += 1;
  });
  if (left === 0) return { cases, problems, state: 'written' };
  const message = `it has more than ${maxCases} cases`;
  return { cases: [], problems: [tooLarge(message, left), ...problems], state: 'written' };
}

/** A report that was too large to read. */
export function unreadReport(message: string): Report {
  return { cases: [], problems: [tooLarge(message, 1)], state: 'written' };
}

function tooLarge(message: string, count: number): ResultsProblem {
  return { kind: 'too-large', severity: 'error', message, count };
}
