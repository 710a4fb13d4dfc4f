import { playwrightLine } from '../../domain/checks/file-of-test.ts';

/** The tests that a runner lists. */
export interface CollectedTests {
  /** How many tests each file has; undefined: the runner listed the file only. */
  readonly files: ReadonlyMap<string, number | undefined>;
  /** Lines that are neither ids nor a runner's summary; the first one with its number. */
  readonly strange: { readonly count: number; readonly line: number; readonly text: string } | undefined;
}

interface CollectedLine {
  readonly file: string;
  /** Identifies a test, whichever of Playwright's projects it runs in; absent: the file itself. */
  readonly test?: string;
  readonly count?: number;
}

/** `tests/a.py::TestX::test_y` of pytest. */
const id = /^(\S[^:]*\.\w+)::(.+)$/;
/** `tests/a.py: 12` of `pytest -qq`. */
const count = /^(\S.*\.\w+): (\d+)$/;
/** `src/a.test.ts` of `jest --listTests`. */
const file = /^\S+\.[a-z]\w*$/i;
/** Below its list pytest prints errors and warnings in sections. */
const headline = /^=+ .+ =+$/;
const summary =
  /^(=+.*=*|-+.*|Listing tests:|Total: \d+ tests? in \d+ files?|no tests (ran|collected).*|\d+(\/\d+)? tests? collected.*|\d+ tests? .*)$/i;

/** Reads the ids of pytest with `-q` and `-qq`, of Playwright and jest, or one id or file a line. */
export function readCollected(text: string): CollectedTests {
  const found: CollectedLine[] = [];
  const strange: { line: number; text: string }[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (headline.test(line) && found.length > 0) break;
    const one = readLine(line);
    if (one) found.push(one);
    else if (line !== '' && !summary.test(line)) strange.push({ line: index + 1, text: line });
  }
  const files = new Map(
    [...Map.groupBy(found, (one) => one.file)].map(([path, all]) => [path, countOf(all)]),
  );
  return { files, strange: strange[0] && { ...strange[0], count: strange.length } };
}

function readLine(line: string): CollectedLine | undefined {
  const [, path, test] = id.exec(line) ?? playwrightLine.exec(line) ?? [];
  if (path !== undefined && test !== undefined) return { file: path, test };
  const [, counted, tests] = count.exec(line) ?? [];
  if (counted !== undefined) return { file: counted, count: Number(tests) };
  return file.test(line) ? { file: line } : undefined;
}

function countOf(lines: readonly CollectedLine[]): number | undefined {
  const tests = new Set(lines.flatMap(({ test }) => test ?? [])).size;
  const counts = lines.flatMap((line) => line.count ?? []);
  if (tests + counts.length === 0) return undefined;
  return counts.reduce((sum, one) => sum + one, tests);
}
