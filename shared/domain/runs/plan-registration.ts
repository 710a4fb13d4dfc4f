import { compareRevisions, type Readiness, type RevisionOrder } from '../revision.ts';

export interface CandidateStanding extends RevisionOrder {
  /** True: a person or the sweep asked for this run; false: a build event did. */
  readonly asked: boolean;
  readonly readiness: Readiness['kind'] | 'gone';
  readonly hasTraffic: boolean;
  /** True: it was not meant to have traffic, so it does not supersede the current run. */
  readonly isPreview: boolean;
}

/** The run that is the service's current one. */
export interface CurrentStanding extends RevisionOrder {
  readonly open: boolean;
  /** True: its traffic is being moved or returned, or the result is being verified. */
  readonly moving: boolean;
  readonly hasTraffic: boolean;
}

/** What becomes of a new or waiting run. */
export type Registration =
  /** The current run of its service. */
  | 'current'
  /** The current run; the older open one is cancelled. */
  | 'supersede'
  /** Not ready yet: try again later. */
  | 'wait'
  /** The candidate has no traffic while an older one serves: it waits until the older one's run has ended. */
  | 'queue'
  /** It will never be ready: a run for the record and the diagnosis only; the older run stays current. */
  | 'diagnose'
  /** A newer revision was registered before: the run is closed at once as superseded. */
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
  // An old revision that serves again, manually or by our rollback, may be judged on request when no newer run is open.
  if (older && (current?.open || !candidate.asked)) return 'late';
  switch (candidate.readiness) {
    case 'pending':
      return 'wait';
    case 'failed':
    case 'gone':
      // A serving revision is judged by its responses, whatever its condition says.
      if (!candidate.hasTraffic) return 'diagnose';
      break;
    case 'ready':
      break;
  }
  if (!current?.open || compareRevisions(candidate, current) === 0) return 'current';
  const mayTakeOver = candidate.hasTraffic || !(candidate.isPreview || current.hasTraffic || current.moving);
  return mayTakeOver ? 'supersede' : 'queue';
}

/** The newest revision that was ever its service's current one, after `order` has become current. */
export function newestOf(known: RevisionOrder | undefined, order: RevisionOrder): RevisionOrder {
  return known && compareRevisions(known, order) > 0 ? known : order;
}
