import type { RunId } from '../ids.ts';
import type { Run } from '../records/run.ts';
import type { ServiceRecord } from '../records/service-record.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import { formatSplit, percentsChanged, type ServiceState, shareIn, specSplit } from '../service-state.ts';
import type { Reason } from '../verdict.ts';

/** What a change of users' traffic is decided on, at the moment of its write. */
export interface ShiftFacts {
  readonly runId: RunId;
  readonly run: Run;
  readonly service: ServiceState;
  readonly known: ServiceRecord | undefined;
  /** As Cloud Run lists them after the service was read, so that who became ready since makes the write fail. */
  readonly revisions: readonly Revision[];
}

/**
 * Whether a run may change users' traffic: it must be its service's current one and may move traffic, and the traffic
 * must be neither a human's nor a newer deploy's.
 * @param newer `ready`: what is older gets no more traffic; `serving`: what users get already is left alone
 * @returns why not; undefined: it may
 */
export function refuseShift(facts: ShiftFacts, newer: 'ready' | 'serving'): Reason | undefined {
  const { runId, run, service, known, revisions } = facts;
  return (
    refuseUnlessCurrent(runId, known) ??
    refuseWithoutAuthority(run) ??
    refusePinned(known) ??
    refuseForNewer(service, run, revisions, { serving: newer === 'serving' }) ??
    refuseChangedTraffic(service, run)
  );
}

/** Whether a run is still the one that may move its service's traffic. @returns why not; undefined: it is */
function refuseUnlessCurrent(runId: RunId, known: ServiceRecord | undefined): Reason | undefined {
  return known?.currentRun?.runId === runId
    ? undefined
    : { code: 'superseded', text: 'another run is current for this service' };
}

/** A run that may only tell moves nothing, whatever was decided. */
function refuseWithoutAuthority({ authority }: Run): Reason | undefined {
  return authority === 'full'
    ? undefined
    : { code: authority, text: 'this run only reports, and never moves traffic' };
}

/** What a human has pinned stays until a human unpins it. */
function refusePinned(known: ServiceRecord | undefined): Reason | undefined {
  const pin = known?.pin;
  return pin?.owner === 'human'
    ? { code: 'human-pin', text: `traffic is pinned manually to ${pin.target}` }
    : undefined;
}

/** Users' traffic is as the guard last wrote or found it, or it is somebody else's. */
function refuseChangedTraffic(service: ServiceState, { expectedTraffic }: Run): Reason | undefined {
  if (!expectedTraffic || !percentsChanged(expectedTraffic, service)) return undefined;
  const now = formatSplit(specSplit(service.traffic, service.latestReadyRevision));
  return { code: 'traffic-changed', text: `traffic was changed by someone else: it is now ${now}` };
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
  { serving }: { readonly serving: boolean },
): Reason | undefined {
  // LATEST goes to the newest ready revision, also while the service's own view of it lags behind.
  const byLatest =
    service.traffic.length === 0 ||
    service.traffic.some((entry) => entry.revision === undefined && entry.percent > 0);
  const newer = revisions.find(
    (revision) =>
      compareRevisions(orderOf(revision), candidate) > 0 &&
      revision.readiness.kind === 'ready' &&
      (!serving || byLatest || shareIn(service, revision.name) > 0),
  );
  if (!newer) return undefined;
  return {
    code: 'newer-revision',
    text: `the newer revision ${newer.name} ${serving ? 'carries traffic' : 'is ready'}`,
  };
}
