import { z } from 'zod';
import { fileOfTest, playwrightLine } from '../domain/checks/file-of-test.ts';
import { type CommandEnd, describeEnd, tailOf } from './judge-report.ts';

/** Enough for 30,000 ids of some hundred characters. */
export const maxListLength = 16 * 1024 * 1024;

interface ListedTest {
  readonly id: string;
  readonly file?: string | undefined;
}

/** The tests that a `list` command printed, and why some may be missing. */
export interface TestList {
  readonly checks: readonly ListedTest[];
  readonly problems: readonly string[];
}

const ListSchema = z.array(
  z.union([z.string().min(1), z.object({ id: z.string().min(1), file: z.string().optional() })]),
);
/** Lines that runners print below their list. */
const summary =
  /^(=+ .* =+|-- Docs: .*|.*\bwarnings? summary\b.*|no tests (ran|collected).*|\d+ tests? collected.*|\d+\/\d+ tests collected.*|ok\s+\S+\s+[\d.]+s|\?\s+.*\[no test files\])$/i;
/** The line that pytest prints for a file that it could not import. */
const fault = /^ERROR\b.*/;
/** Below its list pytest prints errors and warnings in sections, each with a headline. */
const headline = /^=+ .+ =+$/;
/** The line that pytest prints with one `-q` too many. */
const countOfFile = /^\S+\.py: \d+$/;

/** @param output of the command @param cut true: the output was longer */
export function judgeList(output: string, ended: CommandEnd, cut: boolean): TestList {
  const { checks, problems } = readList(output);
  const faults = [...problems];
  if (ended.how !== 'exited' || ended.code !== 0)
    faults.push(`${describeEnd(ended)} when it listed its tests${tailOf(ended)}`);
  if (cut) faults.push(`its list is longer than ${maxListLength} characters`);
  return { checks, problems: faults };
}

/** The tests in a `list` command's output: a JSON list, or one id per line. */
function readList(output: string): TestList {
  return output.trimStart().startsWith('[') ? readJson(output) : readLines(output);
}

function readJson(output: string): TestList {
  try {
    const checks = ListSchema.parse(JSON.parse(output)).map((item): ListedTest => {
      const { id, file } = typeof item === 'string' ? { id: item } : item;
      return { id, file: file ?? fileOfTest(id) };
    });
    return { checks, problems: [] };
  } catch {
    return { checks: [], problems: ['its list starts like JSON, but is not a list of ids'] };
  }
}

function readLines(output: string): TestList {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  const end = lines.findIndex((line) => headline.test(line));
  const list = end < 0 ? lines : lines.slice(0, end);
  const ids = list.filter((line) => line !== '' && !fault.test(line) && !summary.test(line));
  const counts = ids.find((id) => countOfFile.test(id));
  if (counts !== undefined)
    return {
      checks: [],
      problems: [`its list contains counts instead of ids, such as ${counts}: remove one -q`],
    };
  const listed = ids.find((id) => playwrightLine.test(id));
  if (listed !== undefined)
    return {
      checks: [],
      problems: [
        `its list comes from playwright --list, and reports have no ids such as ${listed}: list one file per line`,
      ],
    };
  const faults = lines.filter((line) => fault.test(line));
  return { checks: ids.map((id) => ({ id, file: fileOfTest(id) })), problems: faults.slice(0, 5) };
}
