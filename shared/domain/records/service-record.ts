import type { EffectId, RevisionName, RunId, ServiceRef } from '../ids.ts';
import type { RevisionOrder } from '../revision.ts';
import type { TrafficTarget } from '../service-state.ts';
import type { Reason } from '../verdict.ts';

/** What the guard knows of a service between runs. */
export interface ServiceRecord {
  readonly ref: ServiceRef;
  readonly name: string;
  /** Newest first, at most `maxLastGood`. */
  readonly lastGood: readonly VerifiedRevision[];
  /** The run that may act on the service: the newest ready revision's, or the last one that was. */
  readonly currentRun?: CurrentRun | undefined;
  /** The newest revision that was ever current: what is older arrives late. */
  readonly newest?: RevisionOrder | undefined;
  /** The latest automatic rollbacks, newest first, at most `maxRollbacks`: the loop breaker's memory. */
  readonly rollbacks: readonly MadeRollback[];
  /** Traffic that is fixed on a revision; new deploys get none of it. */
  readonly pin?: Pin | undefined;
  /** What a human should look at now; gone when it no longer holds. */
  readonly alarm?: Alarm | undefined;
  /** Absent: tag URLs are answered like the service's own, or it is not known. */
  readonly tagRefusal?: TagRefusal | undefined;
}
export const maxLastGood = 10;
export const maxRollbacks = 20;

export interface CurrentRun extends RevisionOrder {
  readonly runId: RunId;
}

/** A revision that was recorded good. */
export interface GoodRevision extends RevisionOrder {
  /** True: a human has moved users away from it, and it is no rollback target until it serves again. */
  readonly movedAway?: boolean | undefined;
}

/** A revision that a run has recorded as good. */
export interface VerifiedRevision extends GoodRevision {
  readonly runId: RunId;
  readonly at: Date;
  /** True: the watch was cut. */
  readonly short: boolean;
}

/** One automatic rollback that was made. */
export interface MadeRollback {
  readonly from: RevisionName;
  readonly to: RevisionName;
  readonly at: Date;
}

export interface Pin {
  /** `guard`: put there by a rollback, and released by the next good deploy. `human`: until it is unpinned. */
  readonly owner: 'guard' | 'human';
  readonly effectId: EffectId;
  readonly target: RevisionName;
  /** The revision that lost its traffic. */
  readonly bad?: RevisionName | undefined;
  /** What the user had, to return to. */
  readonly before: readonly TrafficTarget[];
  /** What was written; other percents are somebody else's doing, and end the claim. */
  readonly after: readonly TrafficTarget[];
  readonly at: Date;
}

/** What the application answered at the URL of a tag while users got good answers from the same revision. */
export interface TagRefusal {
  readonly fault: string;
  readonly status?: number | undefined;
  /** For people. */
  readonly detail: string;
  readonly revision: RevisionName;
  readonly at: Date;
}

export interface Alarm extends Reason {
  readonly revision: RevisionName;
  readonly at: Date;
}
