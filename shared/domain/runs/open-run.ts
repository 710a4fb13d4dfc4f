import { type ConfigDigest, type ScanId, type ServiceRef, serviceKeyOf } from '../ids.ts';
import { olderGood } from '../records/good-revisions.ts';
import type { Run, RunBuild, RunOpener } from '../records/run.ts';
import type { ServiceRecord } from '../records/service-record.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import { percentsChanged, type ServiceState, shareIn } from '../service-state.ts';
import type { Authority } from '../stages.ts';
import { reason } from '../verdict.ts';
import type { Registration } from './plan-registration.ts';

/** The known facts about a run before it is opened. */
export interface NewRun {
  readonly ref: ServiceRef;
  readonly configDigest: ConfigDigest;
  readonly revision: Pick<Revision, 'name' | 'createTime'>;
  readonly attempt: number;
  /** The previous attempt. */
  readonly previous?: Run | undefined;
  readonly openedBy: RunOpener;
  readonly request?: Run['request'];
  readonly build?: RunBuild | undefined;
  /** True: it changed a schema, so nothing older may replace it. */
  readonly migration?: boolean | undefined;
  /** The longest watch that the requester waits for. */
  readonly watchMs?: number | undefined;
  /** The findings that the requester has given. */
  readonly scan?: ScanId | undefined;
  /** True: observe and report, write nothing. */
  readonly observe?: boolean | undefined;
}

/** The time limits of a run's first phases. */
export interface OpenPolicy {
  readonly healthTimeoutMs: number;
  /** For its revision to become ready. */
  readonly readyTimeoutMs: number;
  /** For an older run to end. */
  readonly queueTimeoutMs: number;
}

/** The initial record of a run. */
export function openRun(
  registration: Registration,
  candidate: NewRun & { readonly name: string },
  service: ServiceState,
  known: ServiceRecord | undefined,
  existing: Run | undefined,
  policy: OpenPolicy,
  now: Date,
): Run {
  const { name, revision, openedBy } = candidate;
  const stable = olderGood(known?.lastGood ?? [], orderOf(revision))?.revision;
  const base: Run = {
    ref: candidate.ref,
    serviceKey: serviceKeyOf(candidate.ref),
    name,
    configDigest: candidate.configDigest,
    candidate: orderOf(revision),
    attempt: candidate.attempt,
    openedBy,
    request: existing?.request ?? candidate.request,
    build: candidate.build,
    authority: existing?.authority ?? authorityOf(candidate, service, known),
    migration: candidate.migration,
    watchMs: existing?.watchMs ?? candidate.watchMs,
    scan: existing?.scan ?? candidate.scan ?? candidate.previous?.scan ?? candidate.previous?.build?.id,
    state: 'open',
    stage: 'health',
    stageStartedAt: now,
    stable,
    expectedTraffic: [...service.traffic],
    expectedLatest: service.latestReadyRevision,
    ...shiftOf(candidate.previous, service),
    reasons: [],
    action: 'none',
    createdAt: existing?.createdAt ?? now,
  };
  switch (registration) {
    case 'current':
    case 'supersede':
    case 'diagnose':
      return {
        ...base,
        dueAt: firstNudgeAt(now),
        stageDeadlineAt: new Date(now.getTime() + policy.healthTimeoutMs),
      };
    case 'wait':
    case 'queue': {
      const patienceMs = registration === 'wait' ? policy.readyTimeoutMs : policy.queueTimeoutMs;
      const deadline = new Date((existing?.createdAt ?? now).getTime() + patienceMs);
      if (now >= deadline) {
        const reasons = [reason('deadline', 'timed out waiting to become ready or for its turn')];
        return { ...base, ...closed(now), verdict: 'inconclusive', reasons };
      }
      return { ...base, state: 'waiting', dueAt: firstNudgeAt(now), stageDeadlineAt: deadline };
    }
    case 'late': {
      const reasons = [reason('late', 'a newer revision was registered first')];
      return { ...base, ...closed(now), verdict: 'superseded', reasons };
    }
  }
}

/** If the previous attempt gave the candidate a share, the new one must know where that share came from. */
function shiftOf(
  previous: Run | undefined,
  service: ServiceState,
): Pick<Run, 'baseline' | 'shiftedAt'> | undefined {
  if (
    !previous?.baseline ||
    isChangedSince(previous, service) ||
    shareIn(service, previous.candidate.revision) === 0
  )
    return undefined;
  return { baseline: previous.baseline, shiftedAt: previous.shiftedAt };
}

/** Someone else has moved traffic since then or before, or may have reverted the guard's write. */
function isSettledByOthers(previous: Run, service: ServiceState): boolean {
  if (previous.authority === 'record' || previous.outcome?.code === 'unknown-outcome') return true;
  return isChangedSince(previous, service);
}

/** Someone else has moved traffic since then. */
function isChangedSince({ expectedTraffic, expectedLatest }: Run, service: ServiceState): boolean {
  if (!expectedTraffic) return false;
  return percentsChanged({ traffic: expectedTraffic, latest: expectedLatest }, service);
}

function closed(now: Date) {
  return { state: 'closed' as const, closedAt: now, dueAt: undefined, stageDeadlineAt: undefined };
}

/** Until then its own message drives it. */
function firstNudgeAt(now: Date): Date {
  return new Date(now.getTime() + 60_000);
}

/**
 * A run of a build or a person may roll its revision back. So may a run of `apply` or the sweep, unless the revision is
 * older than one that was judged: then it serves because someone wanted it to.
 */
function authorityOf(
  { observe, openedBy, revision, attempt, previous }: NewRun,
  service: ServiceState,
  known: ServiceRecord | undefined,
): Authority {
  if (observe) return 'observe';
  if (openedBy === 'build' || openedBy === 'guard' || openedBy === 'rerun' || !known?.newest) return 'full';
  const age = compareRevisions(orderOf(revision), known.newest);
  // Someone gave it the traffic after the previous attempt.
  if (previous && isSettledByOthers(previous, service)) return 'record';
  const judgedBefore = openedBy === 'apply' && attempt > 1;
  return age < 0 || (age === 0 && judgedBefore) ? 'record' : 'full';
}
