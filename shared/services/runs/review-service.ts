import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type ServiceRecord, services } from '../../contracts/records.ts';
import { type RevisionName, serviceKeyOf } from '../../domain/ids.ts';
import { pinInForce } from '../../domain/records/pin-in-force.ts';
import type { Alarm } from '../../domain/records/service-record.ts';
import {
  alarmOf,
  alarmPercent,
  awaitsWindow,
  type Doubt,
  isHeldBack,
  isRecordedGood,
  isUnderWay,
  reviewStanding,
  servedRevisions,
} from '../../domain/runs/review-standing.ts';
import {
  formatSplit,
  mostServed,
  type ServiceState,
  seenIn,
  servingSplit,
  shareIn,
} from '../../domain/service-state.ts';
import type { Mode } from '../../domain/stages.ts';
import { previewTag } from '../../domain/traffic/traffic-tags.ts';
import type { CloudRun } from '../../ports/cloud-run.ts';
import type { Ports } from '../../ports/ports.ts';
import { ageMsOf, create, type Stored, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { askForNotices, type EventFact, eventWrites } from '../notices/write-notices.ts';
import { withKnownPin } from '../records/known-pin.ts';
import { lastRunOf } from '../records/last-run.ts';

interface ReviewFacts extends Pick<ServiceConfig, 'name' | 'mode' | 'notifications'> {
  /** True: a run or Cloud Run is moving traffic. */
  readonly isBusy: boolean;
}

/**
 * Updates the record of a service to its current state: a pin whose traffic someone else has moved is released, and a
 * revision with users that is not known to be good is an open alarm, no matter who deployed it.
 * @param known the record as read before the service
 * @returns the revisions in doubt, the one with the most traffic first
 */
export async function reviewService(
  state: ServiceState,
  known: Stored<ServiceRecord> | undefined,
  { name, mode, isBusy, notifications }: ReviewFacts,
  ports: Pick<Ports, 'store' | 'bus' | 'run' | 'clock' | 'log'>,
): Promise<readonly Doubt[]> {
  const { store, log, clock } = ports;
  const ref = documentIn(services, serviceKeyOf(state.ref));
  // By the store's clock: this machine's clock may be off by hours.
  const now = known?.readTime ?? clock.now();
  const current = withKnownPin(state, known?.data);
  const doubts = await findDoubts(state, current, mode, now, ports);
  const found = alarmOf(
    doubts.filter((doubt) => !awaitsWindow(doubt)),
    now,
  );
  const record = known?.data ?? { ref: state.ref, name, lastGood: [], rollbacks: [] };
  const { lost, isNews, changes } = reviewStanding(record, state, found, isBusy);
  if (!changes) return doubts;
  const write = known ? update(ref, known, changes) : create(ref, { ...record, alarm: found });
  // A conflict means that another process is working on it; the next sweep is a minute away.
  const told = isNews || lost ? standingEvents(record, { found, lost, isNews }, state, now) : [];
  const events = told.flatMap((event) => eventWrites(event, { notifications }, undefined));
  if (!(await tryCommit(store, [write, ...events]))) return doubts;
  await askForNotices(events, ports);
  const { service } = state.ref;
  const split = formatSplit(servingSplit(state));
  if (lost) log.warn({ service, code: 'pin-lost' }, `the pinned traffic was moved by someone else: ${split}`);
  if (found && isNews) log.error({ service, code: found.code, revision: found.revision }, found.text);
  return doubts;
}

/** What has begun or ended since the last review. */
function standingEvents(
  { ref, name, alarm, pin }: ServiceRecord,
  {
    found,
    lost,
    isNews,
  }: { readonly found: Alarm | undefined; readonly lost: boolean; readonly isNews: boolean },
  state: ServiceState,
  at: Date,
): EventFact[] {
  const key = serviceKeyOf(ref);
  const of = { at, ref, name };
  return [
    ...(lost && pin
      ? [
          {
            ...of,
            fact: `${key}.${pin.at.getTime()}`,
            kind: 'pin-released',
            revision: mostServed(servingSplit(state)),
            code: 'pin-lost',
            why: `someone else has moved the pinned traffic: ${formatSplit(servingSplit(state))}`,
          } as const,
        ]
      : []),
    ...(isNews && alarm
      ? [
          {
            ...of,
            fact: `${key}.${alarm.at.getTime()}`,
            kind: 'alarm-closed',
            revision: alarm.revision,
            code: alarm.code,
            why: `it is over: ${alarm.text}`,
          } as const,
        ]
      : []),
    ...(isNews && found
      ? [
          {
            ...of,
            fact: `${key}.${found.at.getTime()}`,
            kind: 'alarm-opened',
            revision: found.revision,
            code: found.code,
            why: found.text,
          } as const,
        ]
      : []),
  ];
}

/**
 * The revisions with users that are not recorded good; and the newest revision, if it was kept from users without a
 * verdict.
 */
async function findDoubts(
  state: ServiceState,
  known: ServiceRecord | undefined,
  mode: Mode,
  now: Date,
  { store, run }: Pick<Ports, 'store' | 'run'>,
): Promise<Doubt[]> {
  const isPreview = (name: RevisionName) => mode === 'guard' && previewTag(state, name) !== undefined;
  const newest = await withoutUsers(state, isPreview, run);
  const pin = pinInForce(seenIn(state), known);
  const mayServe = (name: RevisionName) =>
    mode === 'guard' ? pin?.owner === 'guard' && !isPreview(name) : pin?.owner !== 'human';
  const doubts: Doubt[] = [];
  for (const name of [...servedRevisions(state), ...(newest === undefined ? [] : [newest])]) {
    const revision = await run.getRevision(state.ref, name);
    if (!revision || isRecordedGood(revision, known)) continue;
    const last = await lastRunOf(store, state.ref, name);
    const share = shareIn(state, name);
    const doubt = { revision, share, last: last?.data, lastAgeMs: last ? ageMsOf(last) : 0 };
    const inDoubt = name === newest ? isHeldBack(doubt, mayServe(name), now) : !isUnderWay(doubt, now);
    if (inDoubt) doubts.push(doubt);
  }
  return doubts;
}

/** The newest revision that was meant for users, if it has hardly any. */
async function withoutUsers(
  state: ServiceState,
  isPreview: (name: RevisionName) => boolean,
  run: Pick<CloudRun, 'listRevisions'>,
): Promise<RevisionName | undefined> {
  const latest = state.latestCreatedRevision;
  if (latest === undefined) return undefined;
  const newest = isPreview(latest)
    ? (await run.listRevisions(state.ref)).find(({ name }) => !isPreview(name))?.name
    : latest;
  return newest === undefined || shareIn(state, newest) >= alarmPercent ? undefined : newest;
}
