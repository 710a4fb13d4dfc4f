import type { ProbeOutcome } from './probe-outcome.ts';
import type { RepeatedChecks } from './repeated-checks.ts';
import type { RequestWindow } from './request-window.ts';

/** What was seen at one tick of a stage: the revision's state, and what it and the stable one answered. */
export interface HealthFact {
  readonly n: number;
  /** When the tick ended. */
  readonly at: Date;
  /** `gone`: deleted. `moved-away`: its traffic was changed by somebody else. `overtaken`: LATEST has moved on. */
  readonly readiness: 'pending' | 'ready' | 'failed' | 'gone' | 'moved-away' | 'overtaken';
  readonly readinessDetail?: string | undefined;
  /** The revision's percent of traffic at the tick. */
  readonly share: number;
  /** False: the answer may be an older revision's, since traffic was still spreading. */
  readonly counts: boolean;
  /** Absent: not probed at this tick. */
  readonly candidate?: ProbeOutcome | undefined;
  /** The worst answer of the service's further URLs; absent: there are none, or they lead elsewhere too. */
  readonly edge?: ProbeOutcome | undefined;
  /** The same probe on the stable revision; absent: not compared at this tick. */
  readonly stable?: ProbeOutcome | undefined;
  /** What users got from it in a window that has passed; absent: no window was due at this tick. */
  readonly requests?: RequestWindow | undefined;
  /** What users got from the stable revision: in the same window, or in the last one before the shift. */
  readonly stableRequests?: RequestWindow | undefined;
  /** After a rollback: the checks that had failed, run again. Absent: not at this tick. */
  readonly checks?: RepeatedChecks | undefined;
}
