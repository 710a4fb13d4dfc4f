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

/** What a change of users' traffic is decided on, at the moment of its write. */
export interface ShiftFacts {
  readonly runId: RunId;
  readonly run: Run;
  readonly service: ServiceState;
  readonly known: ServiceRecord | undefined;
  /** By the clock that dates the records, not by that of an executor, which may be hours off. */
  readonly now: Date;
  /** As Cloud Run lists them after the service was read, so that who became ready since makes the write fail. */
  readonly revisions: readonly Revision[];
}

/** All that are ready; of those, all but previews; or only those that users get. */
type Newer = 'ready' | 'deployed' | 'serving';

/**
 * Whether a run may change users' traffic: it must be its service's current one and may move traffic, and the traffic
 * must be neither a human's nor a newer deploy's.
 * @param newer which newer revisions it leaves alone
 * @returns why not; undefined: it may
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

/** Whether a run is still the one that may move its service's traffic, and no person has pinned it. */
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

/** What was to be done this long ago was decided on facts of that time. */
const expiresAfterMs = 15 * 60_000;

/**
 * @param ageMs by the store's clock: this machine's may be off by hours
 * @returns why an effect is not done any more; undefined: it is young enough
 */
export function refuseExpired(
  { kind, request }: Pick<Effect, 'kind' | 'request'>,
  ageMs: number,
): Reason | undefined {
  if ((!request && !isAwaited(kind)) || ageMs <= expiresAfterMs) return undefined;
  return reason(
    'expired',
    request ? 'the request is too old: submit it again' : 'it was decided too long ago',
  );
}

/** A run that may only report moves nothing, whatever was decided. */
function refuseWithoutAuthority({ authority }: Run): Reason | undefined {
  return authority === 'full'
    ? undefined
    : reason(authority, 'this run only reports, and never moves traffic');
}

/** Users' traffic is as the guard last wrote or found it, or it is somebody else's. */
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
 * A newer deploy that is ready: what is older gets no more traffic. Or, with `serving`, one that users get already.
 * @param revisions as Cloud Run lists them after the service was read, so that whoever became ready since then makes
 * the write fail
 */
function refuseForNewer(
  service: ServiceState,
  { candidate }: Run,
  revisions: readonly Revision[],
  counted: Newer,
): Reason | undefined {
  // LATEST goes to the newest ready revision, also while the service's own view of it lags behind.
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
