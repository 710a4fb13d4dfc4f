import type { EffectId, Etag, RevisionName, RunId, ServiceKey, ServiceRef } from '../ids.ts';
import type { TrafficTarget } from '../service-state.ts';

/** One request to change traffic, recorded before the write: the audit trail. */
export interface Intent {
  readonly effectId: EffectId;
  /** Absent: the change is manual. */
  readonly runId?: RunId | undefined;
  readonly serviceKey: ServiceKey;
  readonly ref: ServiceRef;
  readonly actor: string;
  readonly why: string;
  readonly etag: Etag;
  /** The service's generation before the write; text, since it is a 64-bit number. */
  readonly generation: string;
  readonly before: readonly TrafficTarget[];
  readonly after: readonly TrafficTarget[];
  /** The mark on the service before the write: while it is there, the write has not landed. */
  readonly mark?: string | undefined;
  /** The revision to which a rollback moves the candidate's traffic. */
  readonly target?: RevisionName | undefined;
  /** `unknown` until the platform's answer is stored. */
  readonly outcome: 'unknown' | 'accepted' | 'rejected';
  readonly at: Date;
}
