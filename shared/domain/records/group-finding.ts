import type { RevisionName, RunId } from '../ids.ts';

export const versionComparisons = ['same', 'different', 'unknown'] as const;
/** `unknown`: no two known versions differ, but not all of them are known. */
export type VersionComparison = (typeof versionComparisons)[number];

/** Which versions the services of a group had at a verdict on one of them. Information: it is no fault of any. */
export interface GroupFinding {
  readonly group: string;
  /** What tells a version: `commit`, or `label:NAME`. */
  readonly sameVersion: string;
  /** The run at whose verdict it was found. */
  readonly runId: RunId;
  readonly versions: VersionComparison;
  /** In the order of the config. */
  readonly members: readonly GroupMember[];
  readonly at: Date;
}

/** One service of a group. */
export interface GroupMember {
  /** The service's name in the config. */
  readonly name: string;
  /** The run's candidate; of another service the revision with the most traffic. Absent: none has traffic. */
  readonly revision?: RevisionName | undefined;
  /** Absent: nothing tells it. */
  readonly version?: string | undefined;
  /** Its service's latest run; absent: there was none. */
  readonly runId?: RunId | undefined;
  /** True: that run is not over, so the service may get another version. */
  readonly isOpen: boolean;
  /**
   * After the run's service was rolled back: the newest good revision of this one that has the version of what serves
   * there, and is older than what serves here. Absent: there is none, or none is wanted.
   */
  readonly fits?: RevisionName | undefined;
  /** Why nothing is known of it. */
  readonly unread?: string | undefined;
}
