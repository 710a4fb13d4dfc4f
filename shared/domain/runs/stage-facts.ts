import type { TestFacts, TestPolicy } from '../checks/assess-tests.ts';
import type { HealthPolicy } from '../health/assess-health.ts';
import type { RequestPolicy } from '../health/assess-requests.ts';
import type { HealthFact } from '../health/health-fact.ts';
import type { RevisionName } from '../ids.ts';
import { type Authority, type Mode, type Stage, stepOf } from '../stages.ts';

/** Everything that a decision depends on. */
export interface StageFacts {
  readonly stage: Stage;
  readonly startedAt: Date;
  readonly health: readonly HealthFact[];
  /** The checks of stage `tests`; absent in other stages. */
  readonly tests?: TestFacts | undefined;
  /** The candidate's share of the traffic at the latest look, in percent. */
  readonly share: number;
  /** The newer revision that has taken over. */
  readonly supersededBy?: RevisionName | undefined;
  /** The newer ready revision that waits for this run to end. */
  readonly waitingRevision?: RevisionName | undefined;
  /** Why a person cancelled this run. */
  readonly aborted?: string | undefined;
  /** Why automatic writes for this service are frozen. */
  readonly frozen?: string | undefined;
  /** True: a person has paused the service, so nothing may gain traffic. */
  readonly paused?: boolean | undefined;
  /** The owner of the pin on the service's traffic; absent: there is no pin. */
  readonly pinnedBy?: 'guard' | 'human' | undefined;
  /** The revision that it is pinned to. */
  readonly pinnedTo?: RevisionName | undefined;
  /** After a rollback: the other serving revisions that are not known to be good. */
  readonly unverified?: readonly RevisionName[] | undefined;
  /** True: the guard itself gave the candidate its share. */
  readonly shifted?: boolean | undefined;
  /** The stage's time is up: decide with the available facts. */
  readonly deadlinePassed: boolean;
  readonly authority: Authority;
}

export interface StagePolicy {
  readonly health: HealthPolicy;
  readonly requests: RequestPolicy;
  /** True: after this rollback the failed checks are run again. */
  readonly repeatsChecks?: boolean | undefined;
  readonly rollback: 'auto' | 'freeze' | 'notify';
  readonly mode: Mode;
  /** The steps of a canary. */
  readonly steps: readonly CanaryStep[];
  readonly watch: WatchPolicy;
  /** How its checks are judged; absent: it has no checks. */
  readonly tests?: TestPolicy | undefined;
}

export interface WatchPolicy {
  readonly forMs: number;
  /** A revision that was watched for less is not recorded as good. */
  readonly minimumMs: number;
  /** At most this much counts as watched between two good responses. */
  readonly maxGapMs: number;
  /** The longest watch that the requester of the run waits for; absent: `forMs`. */
  readonly cutMs?: number | undefined;
}

export interface CanaryStep {
  readonly percent: number;
  readonly soakMs: number;
}

/** The length of a soak. @param waitingRuns true: a newer revision waits for its end */
export function soakMs(
  stage: Stage,
  { steps, watch }: Pick<StagePolicy, 'steps' | 'watch'>,
  waitingRuns: boolean,
): number {
  const fullMs = stage === 'watch' ? (watch.cutMs ?? watch.forMs) : (steps[stepOf(stage) - 1]?.soakMs ?? 0);
  return waitingRuns ? Math.min(fullMs, watch.minimumMs) : fullMs;
}

/** A canary whose candidate has a share of the traffic. */
export function isPartial(stage: Stage, steps: readonly CanaryStep[]): boolean {
  return stepOf(stage) > 0 && (steps[stepOf(stage) - 1]?.percent ?? 100) < 100;
}

/** How long a pause can keep a stage open: a run must end eventually, and its facts are limited. */
const longestPauseMs = 4 * 3_600_000;

/** True: while there is something to observe, neither a deadline nor a gain of traffic is decided. */
export function isPaused({ paused, health }: Pick<StageFacts, 'paused' | 'health'>): boolean {
  const [first, last] = [health[0], health.at(-1)];
  return (
    paused === true &&
    first !== undefined &&
    last !== undefined &&
    last.at.getTime() - first.at.getTime() < longestPauseMs
  );
}
