import { hashOf, type RevisionName } from '../ids.ts';
import { isFailing, type Settlement } from './settled-check.ts';

/** The key of a test, whatever its id looks like. @returns 20 hex digits */
export function testKeyOf(suite: string, id: string): string {
  return hashOf(suite, id);
}

/** The results of one test in its latest runs. */
export interface TestHistory {
  /** The latest durations of passes, newest last. */
  readonly greenMs: readonly number[];
  /** One letter per run, newest last: `p`assed, `~` flaky, `f`ailed, `e`rrored. */
  readonly results: string;
  /** The failures since the last pass. */
  readonly failing?: { readonly revision: RevisionName; readonly since: Date } | undefined;
  readonly firstFailureAt?: Date | undefined;
  readonly lastFailureAt?: Date | undefined;
}

const keptDurations = 10;
const keptResults = 30;
/** A test with a failure in this many of its latest runs is run early. */
const recentRuns = 3;

const noHistory: TestHistory = { greenMs: [], results: '' };

export interface SeenResult {
  readonly settlement: Settlement;
  readonly durationMs: number;
  readonly revision: RevisionName;
  readonly at: Date;
}

/** Adds one run to a history. A check that was not run or was skipped adds nothing. */
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
  // The first execution of a flaky test failed, so its duration is not that of a pass.
  const greenMs =
    letter === 'p' ? [...before.greenMs, seen.durationMs].slice(-keptDurations) : before.greenMs;
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

/** The share of its latest runs that failed, and the share that was flaky; 0 without runs. */
export function ratesOf({ results }: Pick<TestHistory, 'results'>): {
  readonly failureRate: number;
  readonly flakyRate: number;
} {
  const share = (letter: string) => (results ? (results.split(letter).length - 1) / results.length : 0);
  return { failureRate: share('f'), flakyRate: share('~') };
}

/** True: it failed or was flaky recently, and is more likely than others to reveal a fault. */
export function failedLately({ results }: Pick<TestHistory, 'results'>): boolean {
  return /[f~]/.test(results.slice(-recentRuns));
}
