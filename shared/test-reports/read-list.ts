import { z } from 'zod';
import { fileOfTest, playwrightLine } from '../domain/checks/file-of-test.ts';
import { type CommandEnd, describeEnd, tailOf } from './judge-report.ts';
import { findCollectionErrors } from './output/find-collection-errors.ts';

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
  /^(Listing tests:|Total: \d+ tests? in \d+ files?|=+ .* =+|-- Docs: .*|.*\bwarnings? summary\b.*|no tests (ran|collected).*|\d+ tests? collected.*|\d+\/\d+ tests collected.*|ok\s+\S+\s+[\d.]+s|\?\s+.*\[no test files\])$/i;
/** The line that pytest prints for a file that it could not import. */
const fault = /^ERROR\b.*/;
/** Below its list pytest prints errors and warnings in sections, each with a headline. */
const headline = /^=+ .+ =+$/;
/** The line that pytest prints with one `-q` too many. */
const countOfFile = /^\S+\.py: \d+$/;

/** How many files that could not be loaded are named with their errors. */
const shownErrors = 5;
/** Runners print errors below their list. */
const tailLength = 32_000;

/** @param output of the command @param cut true: the output was longer */
export function judgeList(output: string, ended: CommandEnd, cut: boolean): TestList {
  const { checks, problems } = readList(output);
  const unloaded = findCollectionErrors(ended.tail || output.slice(-tailLength));
  const faults = [...unloaded.slice(0, shownErrors).map(({ text }) => text), ...problems];
  if (ended.how !== 'exited' || ended.code !== 0)
    faults.push(`${describeEnd(ended)} when it listed its tests${tailOf(ended)}`);
  if (cut) faults.push(`its list is longer than ${maxListLength} characters`);
  return { checks, problems: faults };
}

/** The tests in a `list` command's output: a JSON list, what Playwright lists, or one id per line. */
function readList(output: string): TestList {
  const json = output.trimStart().startsWith('[') ? readJson(output) : undefined;
  if (json !== undefined && json.problems.length === 0) return json;
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  // It puts the name of a project in brackets.
  if (lines.some((line) => playwrightLine.test(line))) return readPlaywright(lines);
  return json ?? readLines(lines);
}

/**
 * `a.spec.ts › cart › adds` of `[chromium] › a.spec.ts:3:5 › cart › adds`: by this name reports have the test, and
 * `--test-list` runs it. Headings, totals and what a config prints are no tests.
 */
function readPlaywright(lines: readonly string[]): TestList {
  const checks = lines.flatMap((line): ListedTest[] => {
    const [, file, titles] = playwrightLine.exec(line) ?? [];
    return file === undefined || titles === undefined ? [] : [{ id: `${file} › ${titles}`, file }];
  });
  const twice = firstTwice(checks.map(({ id }) => id));
  if (twice === undefined) return { checks, problems: [] };
  const problem = `its list has ${twice} in more than one project of Playwright: make a suite for each, with --project`;
  return { checks: [], problems: [problem] };
}

function firstTwice(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return undefined;
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

function readLines(lines: readonly string[]): TestList {
  const end = lines.findIndex((line) => headline.test(line));
  const list = end < 0 ? lines : lines.slice(0, end);
  const ids = list.filter((line) => line !== '' && !fault.test(line) && !summary.test(line));
  const counts = ids.find((id) => countOfFile.test(id));
  if (counts !== undefined)
    return {
      checks: [],
      problems: [`its list contains counts instead of ids, such as ${counts}: remove one -q`],
    };
  const faults = lines.filter((line) => fault.test(line));
  return { checks: ids.map((id) => ({ id, file: fileOfTest(id) })), problems: faults.slice(0, 5) };
}
