/** From and to, in milliseconds. */
export type RangeMs = readonly [from: number, to: number];

/** How fast and how rough the local cloud behaves. */
export interface Profile {
  readonly name: string;
  /** From the moment a write is accepted (and its container listens) until the service has reconciled. */
  readonly updateMs: RangeMs;
  /** From then on until every request sees the new traffic; old and new answers are mixed meanwhile. */
  readonly propagationMs: RangeMs;
  /** How long a fresh tag's URL answers the platform's own 404. */
  readonly tagLagMs: RangeMs;
  /** When, after a reconciled update, the platform's own reconciling moves the etag once more. Absent: never. */
  readonly etagBumpMs?: RangeMs | undefined;
  /** What a cold start costs besides the start of the process. */
  readonly coldStartMs: RangeMs;
  /** From the moment an execution of a job is accepted until its container starts. */
  readonly jobStartMs: RangeMs;
  /** An instance without requests for this long is stopped. Absent: never. */
  readonly idleMs?: number | undefined;
  /** True: a process gets no CPU while it has no request, as with request-based billing. */
  readonly freezeIdle: boolean;
  /** For containers without a startup probe of their own. */
  readonly startTimeoutMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly shutdownGraceMs: number;
  /** How often a crashed container is started again without one good answer in between. */
  readonly maxRestarts: number;
  /** From the moment a log entry is written until Cloud Logging shows it. */
  readonly logLagMs: RangeMs;
  /** How often a project's log entries may be read in a minute. Absent: as often as one likes. */
  readonly logReadsPerMinute?: number | undefined;
}

export type ProfileName = 'fast' | 'demo' | 'realistic';

const bounds = { freezeIdle: false, shutdownGraceMs: 500, maxRestarts: 5 };

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  fast: {
    ...bounds,
    name: 'fast',
    updateMs: [0, 0],
    propagationMs: [0, 0],
    tagLagMs: [0, 0],
    coldStartMs: [0, 0],
    jobStartMs: [0, 0],
    startTimeoutMs: 10_000,
    logLagMs: [0, 0],
  },
  demo: {
    ...bounds,
    name: 'demo',
    updateMs: [1_000, 2_000],
    propagationMs: [300, 1_000],
    tagLagMs: [200, 600],
    etagBumpMs: [200, 800],
    coldStartMs: [0, 0],
    jobStartMs: [500, 1_500],
    startTimeoutMs: 30_000,
    logLagMs: [100, 500],
  },
  realistic: {
    name: 'realistic',
    updateMs: [3_000, 10_000],
    propagationMs: [1_000, 5_000],
    tagLagMs: [500, 5_000],
    etagBumpMs: [500, 3_000],
    coldStartMs: [300, 1_500],
    jobStartMs: [5_000, 20_000],
    idleMs: 8_000,
    freezeIdle: true,
    startTimeoutMs: 240_000,
    shutdownGraceMs: 10_000,
    maxRestarts: 10,
    logLagMs: [1_000, 5_000],
    logReadsPerMinute: 60,
  },
};
