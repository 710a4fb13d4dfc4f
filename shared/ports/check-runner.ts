import type { KnownBuild } from '../contracts/expectations/build-variables.ts';
import type { Suite } from '../contracts/suites/suite.ts';
import type { CheckResult } from '../domain/checks/check-result.ts';
import type { RevisionName, RunId } from '../domain/ids.ts';
import type { Authenticate } from './prober.ts';

/** The revision that checks ask, and how they get there. */
export interface CheckTarget {
  readonly runId: RunId;
  readonly revision: RevisionName;
  /** The build that it came from; absent: none is known. */
  readonly build?: KnownBuild | undefined;
  /** Leads to this revision alone; no path, no trailing slash. */
  readonly url: string;
  readonly authenticate: Authenticate;
  /** The audience of the ID token: always the service's own URL. */
  readonly audience: string;
  /** Further URLs of the service (a load balancer), to compare with; they lead to the revision only while it serves alone. */
  readonly edges: readonly string[];
}

export interface CollectedCheck {
  /** Unique within the suite. */
  readonly id: string;
  /** What it stands in; absent: its runner does not know. */
  readonly file?: string | undefined;
}

/** What a suite consists of. */
export interface Collected {
  /** In the suite's own order. */
  readonly checks: readonly CollectedCheck[];
  /** Why the list may not be complete, one sentence each: a fault of the tests, not of the service. */
  readonly problems: readonly string[];
}

export interface CheckBatch {
  readonly suite: Suite;
  /** Ids of `collect`, in the order to run them. */
  readonly ids: readonly string[];
  readonly target: CheckTarget;
  /** 1 for the first execution in this run; more for a retry. */
  readonly attempt: number;
  /** Under which claim it is executed; a runner needs it whose results come back by way of the store. */
  readonly work?: ClaimedShard | undefined;
  /** Requests may share a connection until it aborts. Absent: each has one of its own. */
  readonly session?: AbortSignal | undefined;
}

/** A shard that its worker holds. */
export interface ClaimedShard {
  readonly shard: number;
  /** How often the shard was claimed: who holds a later claim has taken it over. */
  readonly claim: number;
}

/**
 * From where checks run: from a process of the user's own, or from functions and the jobs that they start. Durations
 * compare only within one.
 */
export const checkEnvironments = ['process', 'function'] as const;
export type CheckEnvironment = (typeof checkEnvironments)[number];

/** Collects and executes checks. Neither call throws for what checks, commands or services do. */
export interface CheckRunner {
  readonly environment: CheckEnvironment;
  /** @param signal ends it within 2 s; what was found so far is returned with a problem */
  collect(suite: Suite, target: CheckTarget, signal: AbortSignal): Promise<Collected>;
  /**
   * Executes a batch and tells each result once, as soon as it is known, and only for ids of the batch. An id that
   * is not told did not run. Resolves when nothing is left of it, child processes included.
   * @param signal ends it within 2 s; a check that is cut short is not told
   */
  run(batch: CheckBatch, tell: (result: CheckResult) => void, signal: AbortSignal): Promise<void>;
}
