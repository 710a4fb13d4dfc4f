import type { Preventable } from '../commit/preventable.ts';
import type { RevisionName, RunId, ServiceKey, ServiceRef } from '../ids.ts';
import type { Diagnosis } from './diagnose-incident.ts';
import type { Evidence } from './evidence.ts';

/** Why a run failed: first the work to be done, then its result. */
export interface RunDiagnosis {
  readonly runId: RunId;
  readonly serviceKey: ServiceKey;
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  readonly createdAt: Date;
  /** When the sweep asks for it again; absent: it is made. */
  readonly dueAt?: Date | undefined;
  readonly madeAt?: Date | undefined;
  /** Absent: not made yet. */
  readonly result?: Diagnosis | undefined;
  /** What the whys refer to, shortened and without secrets. */
  readonly evidence?: readonly Pick<Evidence, 'ref' | 'source' | 'text' | 'at'>[] | undefined;
  /** What of the cause a pull request may mend, as the commit showed it. */
  readonly preventable?: Preventable | undefined;
}
