import { readResults } from '../../shared/test-reports/read-results.ts';
import type { ProblemKind, ResultsProblem } from '../../shared/test-reports/results-problem.ts';
import { ResultsCounter, type ResultsTally } from '../../shared/test-reports/tally-results.ts';
import type { TestCase } from '../../shared/test-reports/test-case.ts';

export interface ReadReport {
  readonly cases: readonly TestCase[];
  readonly problems: readonly ResultsProblem[];
  readonly kinds: readonly ProblemKind[];
  readonly tally: ResultsTally;
}

/** Reads a report that comes in chunks of at most `chunkBytes`. */
export async function readReport(report: string | Uint8Array, chunkBytes = 65_536): Promise<ReadReport> {
  const bytes = typeof report === 'string' ? new TextEncoder().encode(report) : report;
  return readChunks(cut(bytes, chunkBytes));
}

export async function readChunks(chunks: AsyncIterable<Uint8Array>): Promise<ReadReport> {
  const cases: TestCase[] = [];
  const counter = new ResultsCounter();
  const problems = await readResults(chunks, (testCase) => {
    cases.push(testCase);
    counter.add(testCase);
  });
  return { cases, problems, kinds: problems.map(({ kind }) => kind), tally: counter.tally };
}

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
