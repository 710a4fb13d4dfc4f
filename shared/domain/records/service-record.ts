import type { EffectId, RevisionName, RunId, ServiceRef } from '../ids.ts';
import type { RevisionOrder } from '../revision.ts';
import type { TrafficTarget } from '../service-state.ts';
import type { Reason } from '../verdict.ts';

/** What the guard knows about a service between runs. */
export interface ServiceRecord {
  readonly ref: ServiceRef;
  readonly name: string;
  /** Newest first, at most `maxLastGood`. */
  readonly lastGood: readonly VerifiedRevision[];
  /** The run that may act on the service: that of the newest ready revision, or the last such run. */
  readonly currentRun?: CurrentRun | undefined;
  /** The newest revision that was ever current: a message about an older one is late. */
  readonly newest?: RevisionOrder | undefined;
  /** The latest automatic rollbacks, newest first, at most `maxRollbacks`: the loop breaker's memory. */
  readonly rollbacks: readonly MadeRollback[];
  /** The current pin: traffic is fixed, and new deploys get none. */
  readonly pin?: Pin | undefined;
  /** The time of the last pin that others have released by moving its traffic: its annotation counts no more. */
  readonly pinReleased?: Date | undefined;
  /** The open alarm; removed when its cause is gone. */
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
  /** True: a human has moved users away from it, so it is no rollback target until it serves again. */
  readonly movedAway?: boolean | undefined;
}

/** A revision that a run has recorded as good. */
export interface VerifiedRevision extends GoodRevision {
  readonly runId: RunId;
  readonly at: Date;
  /** True: the watch was cut short. */
  readonly short: boolean;
}

/** One automatic rollback that was made. */
export interface MadeRollback {
  readonly from: RevisionName;
  readonly to: RevisionName;
  readonly at: Date;
}

export interface Pin {
  /** `guard`: set by a rollback, released by the next good deploy. `human`: stays until it is unpinned. */
  readonly owner: 'guard' | 'human';
  readonly effectId: EffectId;
  readonly target: RevisionName;
  /** The revision that lost its traffic. */
  readonly bad?: RevisionName | undefined;
  /** The user's traffic setting, to be restored. */
  readonly before: readonly TrafficTarget[];
  /** The written traffic; any other percentages are someone else's change, and release the pin. */
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
