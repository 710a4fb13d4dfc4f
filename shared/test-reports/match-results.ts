import { expectedKeys } from './expected-keys.ts';
import { type FoldedTest, nameKey, worstOutcome } from './fold-retries.ts';
import { relativeFiles } from './relative-files.ts';
import { reportedKeys } from './reported-keys.ts';
import type { TestCase, TestOutcome } from './test-case.ts';

/** What a report says of one expected test, which may be a file with many cases. */
export interface MatchedTest {
  readonly id: string;
  readonly outcome: TestOutcome;
  readonly flaky: boolean;
  readonly tests: readonly [FoldedTest, ...FoldedTest[]];
}

export interface MatchedResults {
  readonly matched: readonly MatchedTest[];
  /** Expected, and the report has nothing that is surely theirs. */
  readonly missing: readonly string[];
  /** Reported, and meant by no expected id. */
  readonly unexpected: readonly FoldedTest[];
  /** Reported, and may be meant by any of these ids; given to none. */
  readonly ambiguous: readonly { readonly test: FoldedTest; readonly ids: readonly string[] }[];
}

/**
 * Gives the cases of a report to the tests that were expected of it.
 *
 * A case belongs to the id that it names most exactly: by its full id; by file, class and name put together, as
 * pytest and others list tests; by its file alone; by its name alone, if no other test of the report has it. Where
 * several ids fit equally well, none gets the case. Where a report names files from the root, relative ids mean them by
 * the end of their path.
 *
 * @param expectedIds as a `list` command printed them; repeated ones count once
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

/** How many tests that a list could tell apart have one name. */
function countNames(tests: readonly FoldedTest[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const distinct = new Map(tests.map(({ cases: [first] }) => [nameKey(first), first.name]));
  for (const name of distinct.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The ids that fit best; a weaker way to fit is tried only when no id fits a stronger one. */
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

/** The same case, with its file as ids name it. */
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
