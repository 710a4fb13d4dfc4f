import { hashOf, type RevisionName } from '../ids.ts';
import { isFailing, type Settlement } from './settled-check.ts';

/** What a test is known by, whatever its id looks like. @returns 20 hex digits */
export function testKeyOf(suite: string, id: string): string {
  return hashOf(suite, id);
}

/** How one test has fared over its latest runs. */
export interface TestHistory {
  /** The latest durations of passes, newest last. */
  readonly greenMs: readonly number[];
  /** One letter per run, newest last: `p`assed, `~` flaky, `f`ailed, `e`rrored. */
  readonly results: string;
  /** The failures that no pass has followed yet. */
  readonly failing?: { readonly revision: RevisionName; readonly since: Date } | undefined;
  readonly firstFailureAt?: Date | undefined;
  readonly lastFailureAt?: Date | undefined;
}

const keptDurations = 10;
const keptResults = 30;
/** A failure in one of so many latest runs makes a test one to run early. */
const recentRuns = 3;

const noHistory: TestHistory = { greenMs: [], results: '' };

export interface SeenResult {
  readonly settlement: Settlement;
  readonly durationMs: number;
  /** True: how long it took is not known. */
  readonly untimed?: boolean | undefined;
  readonly revision: RevisionName;
  readonly at: Date;
}

/** A history with one more run in it. What did not run, or was left out, says nothing. */
export function withResult(history: TestHistory | undefined, seen: SeenResult): TestHistory {
  const before = history ?? noHistory;
  const letter = letterOf(seen.settlement);
  if (letter === undefined) return before;
  const results = (before.results + letter).slice(-keptResults);
  const { revision, at } = seen;
  if (letter === 'f') {
    const failing = before.failing ?? { revision, since: at };
    return { ...before, results, failing, firstFailureAt: before.firstFailureAt ?? at, lastFailureAt: at };
  }
  if (letter === 'e') return { ...before, results };
  // A flaky test's first execution failed: how long it took is no duration of a pass.
  const greenMs =
    letter === 'p' && seen.untimed !== true
      ? [...before.greenMs, seen.durationMs].slice(-keptDurations)
      : before.greenMs;
  return { ...before, results, greenMs, failing: undefined };
}

function letterOf(settlement: Settlement): 'p' | '~' | 'f' | 'e' | undefined {
  if (isFailing(settlement)) return 'f';
  if (settlement === 'passed') return 'p';
  if (settlement === 'flaky') return '~';
  return settlement === 'errored' ? 'e' : undefined;
}

/** The median of its latest passes, in ms; undefined: it never passed. */
export function medianGreenMs({ greenMs }: Pick<TestHistory, 'greenMs'>): number | undefined {
  const sorted = greenMs.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The share of its latest runs that failed, and that were flaky; 0 where there were none. */
export function ratesOf({ results }: Pick<TestHistory, 'results'>): {
  readonly failureRate: number;
  readonly flakyRate: number;
} {
  const share = (letter: string) => (results ? (results.split(letter).length - 1) / results.length : 0);
  return { failureRate: share('f'), flakyRate: share('~') };
}

/** True: it failed or was flaky lately, and is likelier than others to show what is wrong. */
export function failedLately({ results }: Pick<TestHistory, 'results'>): boolean {
  return /[f~]/.test(results.slice(-recentRuns));
}
