import type { KnownBuild } from '../contracts/expectations/build-variables.ts';
import type { FurtherUrl } from '../contracts/reach/further-urls.ts';
import type { Suite } from '../contracts/suites/suite.ts';
import type { CheckResult } from '../domain/checks/check-result.ts';
import type { RevisionName, RunId } from '../domain/ids.ts';
import type { Authenticate } from './prober.ts';

/** The revision that checks are sent to, and its addresses. */
export interface CheckTarget extends Pick<FurtherUrl, 'iapAudience' | 'ca'> {
  readonly runId: RunId;
  readonly revision: RevisionName;
  /** The build that it came from; absent: none is known. */
  readonly build?: KnownBuild | undefined;
  /** Leads to this revision alone; no path, no trailing slash. */
  readonly url: string;
  readonly authenticate: Authenticate;
  /** The audience of the ID token: always the service's own URL. */
  readonly audience: string;
  /** The host name that its application accepts, if it does not accept the URL's own. */
  readonly forwardedHost?: string | undefined;
  /**
   * Further URLs of the service (a load balancer), for comparison; they lead to the revision only while it has all
   * traffic.
   */
  readonly edges: readonly FurtherUrl[];
}

export interface CollectedCheck {
  /** Unique within the suite. */
  readonly id: string;
  /** Its file; absent: its runner does not know. */
  readonly file?: string | undefined;
}

/** The checks of a suite. */
export interface Collected {
  /** In the suite's own order. */
  readonly checks: readonly CollectedCheck[];
  /** Why the list may be incomplete, one sentence each: a fault of the tests, not of the service. */
  readonly problems: readonly string[];
}

export interface CheckBatch {
  readonly suite: Suite;
  /** Ids of `collect`, in the order to run them. */
  readonly ids: readonly string[];
  readonly target: CheckTarget;
  /** 1 for the first execution in this run; more for a retry. */
  readonly attempt: number;
  /** The claim of the execution, for runners whose results come back through the store. */
  readonly work?: ClaimedShard | undefined;
  /** Requests may share a connection until this aborts. Absent: each has a connection of its own. */
  readonly session?: AbortSignal | undefined;
}

/** A shard that its worker holds. */
export interface ClaimedShard {
  readonly shard: number;
  /** How often the shard was claimed: the worker with a later claim has taken it over. */
  readonly claim: number;
}

/**
 * Where checks run: in the user's own process, or in functions and the jobs that they start. Durations are comparable
 * only within one environment.
 */
export const checkEnvironments = ['process', 'function'] as const;
export type CheckEnvironment = (typeof checkEnvironments)[number];

/** Collects and executes checks. Neither method throws for faults of checks, commands or services. */
export interface CheckRunner {
  readonly environment: CheckEnvironment;
  /** @param signal ends it within 2 s; what was found so far is returned with a problem */
  collect(suite: Suite, target: CheckTarget, signal: AbortSignal): Promise<Collected>;
  /**
   * Executes a batch and reports each result once, as soon as it is known, and only for ids of the batch. An id without
   * a result did not run. Resolves when nothing of the batch is left, child processes included.
   * @param signal ends it within 2 s; a check that is cut short has no result
   */
  run(batch: CheckBatch, tell: (result: CheckResult) => void, signal: AbortSignal): Promise<void>;
}
