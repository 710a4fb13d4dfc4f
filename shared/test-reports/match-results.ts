import { expectedKeys } from './expected-keys.ts';
import { type FoldedTest, nameKey, worstOutcome } from './fold-retries.ts';
import { relativeFiles } from './relative-files.ts';
import { reportedKeys } from './reported-keys.ts';
import type { TestCase, TestOutcome } from './test-case.ts';

/** The reported results of one expected test, which may be a file with many cases. */
export interface MatchedTest {
  readonly id: string;
  readonly outcome: TestOutcome;
  readonly flaky: boolean;
  readonly tests: readonly [FoldedTest, ...FoldedTest[]];
}

export interface MatchedResults {
  readonly matched: readonly MatchedTest[];
  /** Expected, but without a case that certainly belongs to it. */
  readonly missing: readonly string[];
  /** Reported, but matched by no expected id. */
  readonly unexpected: readonly FoldedTest[];
  /** Reported, and matched equally well by these ids; assigned to none. */
  readonly ambiguous: readonly { readonly test: FoldedTest; readonly ids: readonly string[] }[];
}

/**
 * Assigns the cases of a report to the expected tests.
 *
 * A case belongs to the id that matches it most exactly: by its full id; by file, class and name together, as pytest
 * and others list tests; by its file alone; by its name alone, if no other test of the report has that name. If several
 * ids match equally well, none gets the case. If a report names files from the root, relative ids match the end of
 * their path.
 *
 * @param expectedIds as a `list` command printed them; duplicates count once
 * @param tests all tests of one command's report
 */
export function matchResults(expectedIds: readonly string[], tests: readonly FoldedTest[]): MatchedResults {
  const ids = [...new Set(expectedIds)];
  const index = indexIds(ids);
  const files = relativeFiles(
    ids,
    tests.flatMap(({ cases: [{ file }] }) => file ?? []),
  );
  const names = countNames(tests);
  const found = new Map<string, [FoldedTest, ...FoldedTest[]]>();
  const unexpected: FoldedTest[] = [];
  const ambiguous: { test: FoldedTest; ids: readonly string[] }[] = [];
  for (const test of tests) {
    const candidates = candidatesFor(test, index, names, files);
    const [only] = candidates;
    if (only === undefined) unexpected.push(test);
    else if (candidates.length > 1) ambiguous.push({ test, ids: candidates });
    else {
      const known = found.get(only);
      if (known) known.push(test);
      else found.set(only, [test]);
    }
  }
  const matched = [...found].map(([id, group]) => combine(id, group));
  return { matched, missing: ids.filter((id) => !found.has(id)), unexpected, ambiguous };
}

type IdIndex = ReadonlyMap<string, ReadonlySet<string>>;

function indexIds(ids: readonly string[]): IdIndex {
  const index = new Map<string, Set<string>>();
  for (const id of ids) {
    for (const key of expectedKeys(id)) {
      const known = index.get(key);
      if (known) known.add(id);
      else index.set(key, new Set([id]));
    }
  }
  return index;
}

/** The number of distinguishable tests with each name. */
function countNames(tests: readonly FoldedTest[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const distinct = new Map(tests.map(({ cases: [first] }) => [nameKey(first), first.name]));
  for (const name of distinct.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The best matching ids; a weaker kind of match is tried only when no id has a stronger one. */
function candidatesFor(
  test: FoldedTest,
  index: IdIndex,
  names: ReadonlyMap<string, number>,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const [first] = test.cases;
  const { name } = first;
  const relative = relativeCase(first, files);
  const alsoKnownAs = relative === undefined ? [] : reportedKeys(relative);
  for (const { keys, byName } of [...reportedKeys(first), ...alsoKnownAs]) {
    if (byName && (names.get(name) ?? 0) > 1) continue;
    const ids = new Set(keys.flatMap((key) => [...(index.get(key) ?? [])]));
    if (ids.size > 0) return [...ids];
  }
  return [];
}

/** The same case, with its file written as in the ids. */
function relativeCase(testCase: TestCase, files: ReadonlyMap<string, string>): TestCase | undefined {
  const { file, id } = testCase;
  const path = file === undefined ? undefined : files.get(file);
  if (file === undefined || path === undefined) return undefined;
  return { ...testCase, file: path, id: `${path}${id.slice(file.length)}` };
}

function combine(id: string, tests: readonly [FoldedTest, ...FoldedTest[]]): MatchedTest {
  const outcome = worstOutcome(tests.map((test) => test.outcome));
  return { id, outcome, flaky: outcome === 'passed' && tests.some(({ flaky }) => flaky), tests };
}
