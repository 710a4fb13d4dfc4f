import { z } from 'zod';
import { fileOfTest } from '../../../domain/suites/file-of-test.ts';
import type { Collected, CollectedCheck } from '../../../ports/check-runner.ts';

const ListSchema = z.array(
  z.union([z.string().min(1), z.object({ id: z.string().min(1), file: z.string().optional() })]),
);
/** What runners print below their list. */
const summary =
  /^(=+ .* =+|-- Docs: .*|.*\bwarnings? summary\b.*|no tests (ran|collected).*|\d+ tests? collected.*|\d+\/\d+ tests collected.*|ok\s+\S+\s+[\d.]+s|\?\s+.*\[no test files\])$/i;
/** What pytest prints for a file that it could not import. */
const fault = /^ERROR\b.*/;
/** Below its list pytest tells of errors and warnings in sections, each with a headline. */
const headline = /^=+ .+ =+$/;
/** What pytest prints with one `-q` too many. */
const countOfFile = /^\S+\.py: \d+$/;

/** The tests that a `list` command has printed: a JSON list, or one id a line. */
export function readList(output: string): Collected {
  return output.trimStart().startsWith('[') ? readJson(output) : readLines(output);
}

function readJson(output: string): Collected {
  try {
    const checks = ListSchema.parse(JSON.parse(output)).map((item): CollectedCheck => {
      const { id, file } = typeof item === 'string' ? { id: item } : item;
      return { id, file: file ?? fileOfTest(id) };
    });
    return { checks, problems: [] };
  } catch {
    return { checks: [], problems: ['its list begins like JSON, and is no list of ids'] };
  }
}

function readLines(output: string): Collected {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  const end = lines.findIndex((line) => headline.test(line));
  const list = end < 0 ? lines : lines.slice(0, end);
  const ids = list.filter((line) => line !== '' && !fault.test(line) && !summary.test(line));
  const counts = ids.find((id) => countOfFile.test(id));
  if (counts !== undefined)
    return { checks: [], problems: [`its list has counts and no ids, such as ${counts}: leave out one -q`] };
  const faults = lines.filter((line) => fault.test(line));
  return { checks: ids.map((id) => ({ id, file: fileOfTest(id) })), problems: faults.slice(0, 5) };
}
