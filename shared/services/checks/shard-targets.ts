import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { KnownBuild } from '../../contracts/expectations/build-variables.ts';
import { tagReadyMs } from '../../contracts/policies.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import type { PlanHeadRecord, RunRecord } from '../../contracts/records.ts';
import { propagationLeftMs } from '../../domain/health/propagation.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { CheckTarget } from '../../ports/check-runner.ts';
import type { Clock } from '../../ports/clock.ts';
import { reachPollMs } from '../health/revision-probe.ts';
import type { RunSession } from './run-session.ts';
import { buildFor, targetOf } from './target-of.ts';

/** The largest accepted age of the service when a shard starts. */
const staleMs = 2_000;

interface Place {
  /** Absent: no URL leads to the revision alone. */
  readonly target: CheckTarget | undefined;
  /** Since when the URL may lead to this revision, by Cloud Run's clock; absent: it never led to another. */
  readonly since: Date | undefined;
  /** How long until the URL leads to this revision only; 0: it does now. */
  readonly waitMs: number;
}

/** The targets of a shard's checks. */
export interface ShardTargets {
  readonly candidate: Place;
  readonly stable: Place;
}

export interface TargetsOf {
  readonly runId: RunId;
  readonly run: RunRecord;
  readonly config: ServiceConfig;
  readonly head: PlanHeadRecord;
  readonly floor: RunSession;
}

/**
 * The URLs of candidate and stable. While Cloud Run is reconciling, or another revision may still respond there, it
 * waits, but at most a minute.
 */
export async function awaitTargets(of: TargetsOf, signal: AbortSignal, clock: Clock): Promise<ShardTargets> {
  const startedMs = clock.monotonicMs();
  for (let ageMs = staleMs; ; ageMs = 0) {
    const targets = await findTargets(of, ageMs, clock);
    const waitMs = Math.max(targets.candidate.waitMs, targets.stable.waitMs);
    if (waitMs <= 0 || signal.aborted) return targets;
    if (clock.monotonicMs() - startedMs > tagReadyMs)
      return { candidate: ifDecided(targets.candidate), stable: ifDecided(targets.stable) };
    await clock.sleep(waitMs);
  }
}

/**
 * Whether both were reachable all the time: a URL may have been moved to another revision and back; or a tag may have
 * been removed, so that Cloud Run's own 404 was the response.
 */
export async function areUnmoved(
  of: TargetsOf,
  { candidate, stable }: ShardTargets,
  clock: Clock,
): Promise<boolean> {
  if (!candidate.target && !stable.target) return true;
  const now = await findTargets(of, 0, clock);
  return isSame(candidate, now.candidate) && isSame(stable, now.stable);
}

function isSame(before: Place, now: Place): boolean {
  if (!before.target) return true;
  return before.target.url === now.target?.url && before.since?.getTime() === now.since?.getTime();
}

function ifDecided(place: Place): Place {
  return place.waitMs > 0 ? nowhere : place;
}

const nowhere: Place = { target: undefined, since: undefined, waitMs: 0 };

async function findTargets(of: TargetsOf, ageMs: number, clock: Clock): Promise<ShardTargets> {
  const service = await of.floor.service(ageMs);
  const place = async (revision: RevisionName | undefined) => {
    if (!service || revision === undefined) return nowhere;
    const build = await buildFor(revision, of.config, of.floor.builds);
    return placeOf(service, revision, build, of, clock);
  };
  const [candidate, stable] = await Promise.all([place(of.run.candidate.revision), place(of.head.stable)]);
  return { candidate, stable };
}

function placeOf(
  service: ServiceState,
  revision: RevisionName,
  build: KnownBuild | undefined,
  { runId, config, floor }: TargetsOf,
  clock: Clock,
): Place {
  const reach = planReach(service, revision, hasTagUrls(config));
  const target = targetOf(service, revision, runId, config, build);
  if (reach.kind === 'pending') return { ...nowhere, waitMs: reachPollMs };
  if (reach.kind === 'none' || reach.since === undefined) return { ...nowhere, target };
  const { url, since } = reach;
  const propagationMs = durationMs(config.propagation);
  const waitMs = Math.max(0, propagationLeftMs(since, propagationMs, floor.seenForMs(url), clock.now()));
  return { target, since, waitMs };
}
