/**
 * Who said it, by the entry's metadata, never by its text: an application can print any sentence of the platform's.
 *
 * - `platform`: Cloud Run's own log, its conditions and audit log
 * - `output`: the container's stdout and stderr
 * - `request`: the request log
 * - `answer`: what a probe or a check got
 * - `test`: a test's failure
 * - `diff`: a difference between the revision and stable
 * - `commit`: the source code of the revision
 * - `symptom`: what was noticed first
 * - `report`: a person's or a tool's words
 * - `verdict`: a reason of the run's own decision
 * - `unstated`: the entry does not say
 */
export const evidenceSources = [
  'platform',
  'output',
  'request',
  'answer',
  'test',
  'diff',
  'commit',
  'symptom',
  'report',
  'verdict',
  'unstated',
] as const;
export type EvidenceSource = (typeof evidenceSources)[number];

/** One thing that was seen. */
export interface Evidence {
  /**
   * Where it can be looked up: `log:INSERT_ID`, `probe:health.3`, `check:KEY`, `diff:env.PORT`, `condition:Ready`,
   * `commit:SHA:PATH`.
   */
  readonly ref: string;
  readonly source: EvidenceSource;
  /** One entry, of any length and number of lines. */
  readonly text: string;
  /** Cloud Logging's name, in capitals. */
  readonly severity?: string | undefined;
  readonly at?: Date | undefined;
  /** Who wrote it, of several that write at the same time; absent: unknown. */
  readonly stream?: string | undefined;
}

/** One setting in which the revision differs from stable. */
export interface RevisionChange {
  /** Such as `env.DATABASE_URL`, `image`, `resources.memory`. */
  readonly field: string;
  /** Absent: stable has no such setting. */
  readonly before?: string | undefined;
  /** Absent: the revision has no such setting. */
  readonly after?: string | undefined;
}

/** All that is known about one failure. */
export interface Incident {
  readonly evidence: readonly Evidence[];
  /** Absent: not compared. */
  readonly changes?: readonly RevisionChange[] | undefined;
  /** Whether users reach the revision; absent: unknown. */
  readonly hasTraffic?: boolean | undefined;
  /** True: what answers badly here answers badly on stable too. Absent: not asked. */
  readonly failsOnStable?: boolean | undefined;
  /** What could not be collected, and why. */
  readonly missing?: readonly string[] | undefined;
}
