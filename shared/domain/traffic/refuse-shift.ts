import type { RevisionName, RunId } from '../ids.ts';
import type { Effect } from '../records/effect.ts';
import { pinInForce } from '../records/pin-in-force.ts';
import type { Run } from '../records/run.ts';
import type { ServiceRecord } from '../records/service-record.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import {
  askedSplit,
  followsLatest,
  formatSplit,
  percentsChanged,
  type ServiceState,
  seenIn,
  shareIn,
} from '../service-state.ts';
import { isAwaited } from '../stages.ts';
import { type Reason, reason } from '../verdict.ts';
import { previewTag } from './traffic-tags.ts';

/** The facts for a change of users' traffic, read at the moment of its write. */
export interface ShiftFacts {
  readonly runId: RunId;
  readonly run: Run;
  readonly service: ServiceState;
  readonly known: ServiceRecord | undefined;
  /** By the store's clock: an executor's clock may be off by hours. */
  readonly now: Date;
  /** As listed after the service was read, so that a revision that became ready since then makes the write fail. */
  readonly revisions: readonly Revision[];
}

/** All ready revisions; or all except previews; or only those with users. */
type Newer = 'ready' | 'deployed' | 'serving';

/**
 * Refuses a change of users' traffic unless the run is its service's current one, has the authority, and neither a
 * person nor a newer deploy has changed the traffic.
 * @param newer which newer revisions count
 * @returns why the change is refused; undefined: it is allowed
 */
export function refuseShift(facts: ShiftFacts, newer: Newer): Reason | undefined {
  const { runId, run, service, known, revisions } = facts;
  return (
    refuseByRecord(runId, service, known) ??
    refuseWithoutAuthority(run) ??
    refuseForNewer(service, run, revisions, newer) ??
    refuseChangedTraffic(service, run)
  );
}

/** Refuses unless the run is the service's current one and traffic is not pinned manually. */
export function refuseByRecord(
  runId: RunId,
  service: ServiceState,
  known: ServiceRecord | undefined,
): Reason | undefined {
  if (known?.currentRun?.runId !== runId)
    return reason('superseded', 'another run is current for this service');
  const pin = pinInForce(seenIn(service), known);
  if (pin?.owner === 'human') return reason('human-pin', `traffic is pinned manually to ${pin.target}`);
  return undefined;
}

/** A decision or request of this age rests on outdated facts. */
const expiresAfterMs = 15 * 60_000;

/**
 * @param ageMs by the store's clock: this machine's clock may be off by hours
 * @returns why an effect is too old to be executed; undefined: it is not
 */
export function refuseExpired(
  { kind, request }: Pick<Effect, 'kind' | 'request'>,
  ageMs: number,
): Reason | undefined {
  if ((!request && !isAwaited(kind)) || ageMs <= expiresAfterMs) return undefined;
  return reason('expired', request ? 'the request is too old: submit it again' : 'the decision is too old');
}

/** A run without authority moves no traffic, whatever was decided. */
function refuseWithoutAuthority({ authority }: Run): Reason | undefined {
  return authority === 'full'
    ? undefined
    : reason(authority, 'this run only reports, and never moves traffic');
}

/** Refuses if users' traffic is not as the guard last wrote or found it. */
function refuseChangedTraffic(
  service: ServiceState,
  { expectedTraffic, expectedLatest }: Run,
): Reason | undefined {
  if (!expectedTraffic || !percentsChanged({ traffic: expectedTraffic, latest: expectedLatest }, service))
    return undefined;
  const now = formatSplit(askedSplit(service));
  return reason('traffic-changed', `traffic was changed by someone else: it is now ${now}`);
}

/**
 * Refuses if a newer deploy is ready; with `serving`, only if it already has users.
 * @param revisions as listed after the service was read, so that a revision that became ready since then makes the
 * write fail
 */
function refuseForNewer(
  service: ServiceState,
  { candidate }: Run,
  revisions: readonly Revision[],
  counted: Newer,
): Reason | undefined {
  // LATEST means the newest ready revision, even while the service's own status lags behind.
  const byLatest = followsLatest(service.traffic);
  const counts: Readonly<Record<Newer, (name: RevisionName) => boolean>> = {
    ready: () => true,
    deployed: (name) => previewTag(service, name) === undefined,
    serving: (name) => byLatest || shareIn(service, name) > 0,
  };
  const newer = revisions.find(
    (revision) =>
      compareRevisions(orderOf(revision), candidate) > 0 &&
      revision.readiness.kind === 'ready' &&
      counts[counted](revision.name),
  );
  if (!newer) return undefined;
  const what = counted === 'serving' ? 'carries traffic' : 'is ready';
  return reason('newer-revision', `the newer revision ${newer.name} ${what}`);
}
