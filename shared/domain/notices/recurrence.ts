import type { RevisionName, RunId } from '../ids.ts';
import type { Reason, Verdict } from '../verdict.ts';

/** One run that failed for the cause of an issue. */
export interface Recurrence {
  readonly runId: RunId;
  readonly revision: RevisionName;
  readonly verdict: Verdict;
  readonly outcome?: Reason | undefined;
  readonly at: Date;
  readonly reportUrl?: string | undefined;
}

/** The life of an issue up to now. */
export interface IssueHistory {
  /** The hash that tells this cause from others. */
  readonly fingerprint: string;
  /** The newest last; older ones may be missing here, and are in `count`. */
  readonly recurrences: readonly Recurrence[];
  /** How many runs failed for this cause. */
  readonly count: number;
  readonly firstAt: Date;
  /** The later run that passed; absent: it has not been solved. */
  readonly solved?: Omit<Recurrence, 'verdict' | 'outcome'> | undefined;
}
