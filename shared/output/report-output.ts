import type { z } from 'zod';
import type { IndexDisagreement } from '../config/test-index/compare-test-index.ts';
import type { IndexDocument, PlanDocument, ResultsDocument } from '../contracts/output/command-output.ts';
import type { CommandSuite } from '../contracts/suites/command-suite.ts';
import type { Played } from '../domain/shards/play-plan.ts';
import type { PlanMode } from '../domain/shards/shard-plan.ts';
import type { ResultsProblem } from '../test-reports/results-problem.ts';
import type { ResultsTally } from '../test-reports/tally-results.ts';
import { impactOutput } from './checks-output.ts';
import { documentOf, orNull } from './values.ts';

interface ReadReport extends ResultsTally {
  readonly file: string;
  readonly problems: readonly ResultsProblem[];
  readonly cases?: readonly { readonly id: string; readonly outcome: string; readonly detail: string }[];
}

/** `results`. */
export function resultsDocument(
  files: readonly ReadReport[],
  totals: ResultsTally,
  exitCode: number,
): z.infer<typeof ResultsDocument> {
  return documentOf(
    {
      files: files.map(({ file, problems, cases = [], ...tally }) => ({
        file,
        ...tallyOutput(tally),
        problems: problems.map(({ kind, severity, message, line, column, count }) => ({
          kind,
          severity,
          message,
          line: orNull(line),
          column: orNull(column),
          count,
        })),
        cases: [...cases],
      })),
      totals: tallyOutput(totals),
    },
    exitCode,
  );
}

function tallyOutput({ tests, passed, failed, errored, skipped, flaky, timeSeconds }: ResultsTally) {
  const durationMs = Math.round(timeSeconds * 1e6) / 1e3;
  return { tests, passed, failed, errored, skipped, flaky, durationMs };
}

/** `plan`. @property unknown tests whose duration was estimated */
export function planDocument(
  { makespanMs, lowerBoundMs, workers }: Played,
  plan: { readonly mode: PlanMode; readonly shards: number; readonly unknown: number },
): z.infer<typeof PlanDocument> {
  const { mode, shards, unknown } = plan;
  return documentOf({
    mode,
    makespanMs: Math.round(makespanMs),
    lowerBoundMs: Math.round(lowerBoundMs),
    ratio: lowerBoundMs === 0 ? 1 : Math.round((makespanMs / lowerBoundMs) * 10_000) / 10_000,
    shards,
    tests: workers.reduce((sum, { tests }) => sum + tests, 0),
    unknown,
    workers: workers.map(({ shards: own, tests, ms }) => ({
      shards: own,
      tests,
      durationMs: Math.round(ms),
    })),
  });
}

type WrittenSuite = Pick<CommandSuite, 'name' | 'kind' | 'priority' | 'category' | 'impact' | 'list' | 'run'>;

/** `import-index`. */
export function indexDocument(
  suites: readonly WrittenSuite[],
  patterns: readonly string[],
  disagreements: readonly IndexDisagreement[],
  exitCode = 0,
): z.infer<typeof IndexDocument> {
  return documentOf(
    {
      suites: suites.map(({ name, kind, priority, category, impact, list, run }) => ({
        name,
        kind,
        priority,
        category: orNull(category),
        impact: impactOutput(impact),
        list,
        run,
      })),
      patterns: [...patterns],
      disagreements: disagreements.map(disagreementOutput),
    },
    exitCode,
  );
}

function disagreementOutput(disagreement: IndexDisagreement) {
  const { kind, file } = disagreement;
  const none = { indexed: null, collected: null, didYouMean: null };
  switch (disagreement.kind) {
    case 'not-collected':
      return { ...none, kind, file, didYouMean: orNull(disagreement.didYouMean) };
    case 'count':
      return { ...none, kind, file, indexed: disagreement.indexed, collected: disagreement.collected };
    case 'not-indexed':
      return { ...none, kind, file, collected: orNull(disagreement.collected) };
    default:
      return disagreement satisfies never;
  }
}
