import { compareRevisions, type Readiness, type RevisionOrder } from '../revision.ts';

export interface CandidateStanding extends RevisionOrder {
  /** True: a person or the sweep asked for this run; false: a build event did. */
  readonly asked: boolean;
  readonly readiness: Readiness['kind'] | 'gone';
  readonly hasTraffic: boolean;
  /** True: it was not meant to have traffic, so it is no successor of what is being judged. */
  readonly isPreview: boolean;
}

/** The run that is the service's current one. */
export interface CurrentStanding extends RevisionOrder {
  readonly open: boolean;
  /** True: its traffic is being moved, or put back, or that is being verified. */
  readonly moving: boolean;
  readonly hasTraffic: boolean;
}

/** What a new or waiting run becomes. */
export type Registration =
  /** The current run of its service. */
  | 'current'
  /** The current run; the older open one is cancelled. */
  | 'supersede'
  /** Not ready yet: look again later. */
  | 'wait'
  /** An older candidate serves and this one does not: its turn comes when that one's run has ended. */
  | 'queue'
  /** It will never be ready: a run for the record and the diagnosis; the older one stays in force. */
  | 'diagnose'
  /** A newer revision has been here: closed at once as superseded. */
  | 'late';

/**
 * Which of two overlapping deploys is judged. Order is Cloud Run's creation time, never arrival.
 *
 * @param newest the newest revision that was ever its service's current one
 */
export function planRegistration(
  candidate: CandidateStanding,
  current: CurrentStanding | undefined,
  newest: RevisionOrder | undefined,
): Registration {
  const older = newest !== undefined && compareRevisions(candidate, newest) < 0;
  // An old revision that serves again, by hand or by our rollback, may be judged on request once nothing newer is open.
  if (older && (current?.open || !candidate.asked)) return 'late';
  switch (candidate.readiness) {
    case 'pending':
      return 'wait';
    case 'failed':
    case 'gone':
      // A revision that serves is judged by its answers, whatever its condition says.
      if (!candidate.hasTraffic) return 'diagnose';
      break;
    case 'ready':
      break;
  }
  if (!current?.open || compareRevisions(candidate, current) === 0) return 'current';
  const mayTakeOver = candidate.hasTraffic || !(candidate.isPreview || current.hasTraffic || current.moving);
  return mayTakeOver ? 'supersede' : 'queue';
}

/** The newest revision that was ever its service's current one, now that `order` is. */
export function newestOf(known: RevisionOrder | undefined, order: RevisionOrder): RevisionOrder {
  return known && compareRevisions(known, order) > 0 ? known : order;
}
