import type { Etag, RevisionName, ServiceRef } from '../domain/ids.ts';
import type { Revision } from '../domain/revision.ts';
import type { ServiceState, TrafficTarget } from '../domain/service-state.ts';

export interface TrafficChange {
  /** The whole traffic spec: what is left out is removed. */
  readonly traffic: readonly TrafficTarget[];
  /** The whole annotation map: what is left out is removed. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Of the read on which the change was decided. */
  readonly etag: Etag;
}

/**
 * Cloud Run's Admin API.
 *
 * @throws {TransientError} it did not answer, asks to come back later, or does not let us look
 */
export interface CloudRun {
  /** Undefined: no such service. */
  getService(ref: ServiceRef): Promise<ServiceState | undefined>;
  /** Undefined: no such revision, or deleted. */
  getRevision(ref: ServiceRef, revision: RevisionName): Promise<Revision | undefined>;
  /** Newest first; at most 100. */
  listRevisions(ref: ServiceRef): Promise<Revision[]>;
  /**
   * Replaces traffic and annotations, nothing else, in one conditional write; makes no revision. Returns when Cloud
   * Run has accepted it, which is before traffic has moved.
   * @throws {PermanentError} it refuses: not permitted, malformed
   * @throws {TrafficChangedError} the etag is stale; nothing was written
   * @throws {UnknownOutcomeError} the answer was lost; it may have taken effect, or may yet
   */
  updateTraffic(ref: ServiceRef, change: TrafficChange): Promise<void>;
}
