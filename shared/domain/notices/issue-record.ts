import type { RevisionName, RunId, ServiceKey, ServiceRef } from '../ids.ts';
import type { Run } from '../records/run.ts';
import { compareRevisions, type RevisionOrder } from '../revision.ts';

/** The issue about one cause of failures of one service, as the repository shows it. */
export interface IssueRecord {
  readonly serviceKey: ServiceKey;
  readonly ref: ServiceRef;
  readonly name: string;
  /** `owner/name` */
  readonly repo: string;
  /** Absent: there is none, or its number was not stored. */
  readonly number?: number | undefined;
  readonly url?: string | undefined;
  readonly state: 'open' | 'closed';
  /** Of the written title, text and labels. */
  readonly hash?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  /** The newest run that the text tells of. */
  readonly shownRun?: RunId | undefined;
  readonly commentId?: number | undefined;
  readonly commentHash?: string | undefined;
  /** True: the comment may exist although its id was not stored. */
  readonly isCommentTried?: boolean | undefined;
  /** The later run that passed; a still later failure makes it void. */
  readonly solved?: Solution | undefined;
  /** The worker that writes it, and until when. */
  readonly holder?: string | undefined;
  readonly heldUntil?: Date | undefined;
  readonly createdAt: Date;
}

export interface Solution {
  readonly runId: RunId;
  readonly revision: RevisionName;
  readonly at: Date;
}

/** One run that failed for the cause of an issue. Created once, so that many may fail at the same time. */
export interface IssueRun {
  readonly runId: RunId;
  readonly candidate: RevisionOrder;
  readonly at: Date;
  /** 1: the runs are counted by their sum. */
  readonly n: number;
}

type Passing = Pick<Run, 'candidate' | 'verdict' | 'state' | 'closedAt' | 'authority'> & {
  readonly id: RunId;
};

/**
 * The first run that passed after the newest failure, on the same revision or a newer one: the revision that a rollback
 * went back to solves nothing.
 */
export function solutionOf(newest: IssueRun, runs: readonly Passing[]): Solution | undefined {
  const passed = runs.flatMap(({ id, candidate, verdict, state, closedAt, authority }) =>
    verdict === 'pass' &&
    state === 'closed' &&
    authority !== 'observe' &&
    closedAt !== undefined &&
    closedAt > newest.at &&
    compareRevisions(candidate, newest.candidate) >= 0
      ? [{ runId: id, revision: candidate.revision, at: closedAt }]
      : [],
  );
  return passed.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
}
