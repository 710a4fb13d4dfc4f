import type { ProbeOutcome } from './probe-outcome.ts';
import type { RepeatedChecks } from './repeated-checks.ts';
import type { RequestWindow } from './request-window.ts';

/** The observations of one tick of a stage: the revision's state, and the responses of it and of stable. */
export interface HealthFact {
  readonly n: number;
  /** When the tick ended. */
  readonly at: Date;
  /** `gone`: deleted. `moved-away`: someone else changed its traffic. `overtaken`: LATEST has moved on. */
  readonly readiness: 'pending' | 'ready' | 'failed' | 'gone' | 'moved-away' | 'overtaken';
  readonly readinessDetail?: string | undefined;
  /** The revision's share of the traffic at the tick, in percent. */
  readonly share: number;
  /** False: the response may be an older revision's, since traffic was still propagating. */
  readonly counts: boolean;
  /** Absent: not probed at this tick. */
  readonly candidate?: ProbeOutcome | undefined;
  /** The worst response of the service's further URLs; absent: there are none, or they may also lead elsewhere. */
  readonly edge?: ProbeOutcome | undefined;
  /** The same probe on the stable revision; absent: not compared at this tick. */
  readonly stable?: ProbeOutcome | undefined;
  /** Its user requests in a past window; absent: no window was due at this tick. */
  readonly requests?: RequestWindow | undefined;
  /** The stable revision's user requests: in the same window, or in the last one before the shift. */
  readonly stableRequests?: RequestWindow | undefined;
  /** After a rollback: the failed checks, run again. Absent: not at this tick. */
  readonly checks?: RepeatedChecks | undefined;
}
