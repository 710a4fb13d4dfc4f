import type { RevisionSettings } from '../domain/diagnosis/revision-settings.ts';
import type { Etag, RevisionName, ServiceRef } from '../domain/ids.ts';
import type { Revision } from '../domain/revision.ts';
import type { ServiceState, TrafficTarget } from '../domain/service-state.ts';

export interface TrafficChange {
  /** The whole traffic spec: what is left out is removed. */
  readonly traffic: readonly TrafficTarget[];
  /** The whole annotation map: what is left out is removed. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The etag of the read on which the change was decided. */
  readonly etag: Etag;
}

/**
 * Cloud Run's Admin API.
 *
 * @throws {TransientError} it did not respond, asked for a later attempt, or denied a read
 */
export interface CloudRun {
  /** Undefined: no such service. */
  getService(ref: ServiceRef): Promise<ServiceState | undefined>;
  /** Undefined: no such revision, or it was deleted. */
  getRevision(ref: ServiceRef, revision: RevisionName): Promise<Revision | undefined>;
  /** Everything that it was made of. Undefined: no such revision, or it was deleted. */
  getSettings(ref: ServiceRef, revision: RevisionName): Promise<RevisionSettings | undefined>;
  /** Newest first; at most 100. */
  listRevisions(ref: ServiceRef): Promise<Revision[]>;
  /**
   * Replaces traffic and annotations, nothing else, in one conditional write; makes no revision. Returns when Cloud
   * Run has accepted it, which is before traffic has moved.
   * @throws {PermanentError} a refusal: not permitted, malformed
   * @throws {TrafficChangedError} the etag is stale; nothing was written
   * @throws {UnknownOutcomeError} the response was lost; the change may have taken effect, or may still do so
   */
  updateTraffic(ref: ServiceRef, change: TrafficChange): Promise<void>;
}
