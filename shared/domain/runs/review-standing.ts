import type { RevisionName } from '../ids.ts';
import { markMovedAway } from '../records/good-revisions.ts';
import { pinOn } from '../records/pin-on.ts';
import type { Run } from '../records/run.ts';
import type { Alarm, ServiceRecord } from '../records/service-record.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import { type ServiceState, seenIn, servingSplit, specSplit } from '../service-state.ts';

/** How the record of a service differs from what the service is. */
export interface Standing {
  /** True: somebody else has moved the pinned traffic, and the pin is no longer ours. */
  readonly lost: boolean;
  /** True: another alarm than before, or none any more. */
  readonly isNews: boolean;
  /** What to write; undefined: nothing has changed. */
  readonly changes:
    | Partial<{ readonly [K in keyof ServiceRecord]: ServiceRecord[K] | undefined }>
    | undefined;
}

/**
 * @param found the alarm that holds now
 * @param isBusy true: a run moves traffic, or Cloud Run does, so what is served says nothing of what people want
 */
export function reviewStanding(
  { pin, alarm, lastGood }: Pick<ServiceRecord, 'pin' | 'alarm' | 'lastGood'>,
  state: ServiceState,
  found: Alarm | undefined,
  isBusy: boolean,
): Standing {
  const marked = isBusy ? lastGood : markMovedAway(lastGood, state);
  const sameGood = marked.every((good, n) => good.movedAway === lastGood[n]?.movedAway);
  const lost = !isBusy && pin !== undefined && pinOn(seenIn(state), { pin }) === undefined;
  const isNews = found?.revision !== alarm?.revision || found?.code !== alarm?.code;
  if (!lost && sameGood && !isNews && found?.text === alarm?.text)
    return { lost, isNews, changes: undefined };
  const since = found && alarm && !isNews ? { ...found, at: alarm.at } : found;
  return { lost, isNews, changes: { lastGood: marked, alarm: since, ...(lost ? { pin: undefined } : {}) } };
}

/** Whatever this many percent of the users get has to be known to be good. */
export const alarmPercent = 5;

/** The revisions that users get, the most served first. */
export function servedRevisions(state: ServiceState): RevisionName[] {
  return Object.entries(servingSplit(state))
    .filter(([, percent]) => percent >= alarmPercent)
    .sort(([a, p], [b, q]) => q - p || (a < b ? 1 : -1))
    .map(([name]) => name as RevisionName);
}

/** What a run has left with users beside its target that is not recorded good. */
export function unverifiedIn(
  { expectedTraffic = [], expectedLatest }: Run,
  known: Pick<ServiceRecord, 'lastGood'> | undefined,
): RevisionName[] {
  return Object.entries(specSplit(expectedTraffic, expectedLatest))
    .filter(
      ([name, percent]) => percent >= alarmPercent && !known?.lastGood.some((good) => good.revision === name),
    )
    .map(([name]) => name as RevisionName);
}

/** Whether this very revision is recorded good, not an older one of its name. */
export function isRecordedGood(
  revision: Revision,
  known: Pick<ServiceRecord, 'lastGood'> | undefined,
): boolean {
  return known?.lastGood.some((good) => compareRevisions(good, orderOf(revision)) === 0) === true;
}

/** A revision of which nobody knows whether it is good, and the latest attempt to find out. */
export interface Doubt {
  readonly revision: Revision;
  /** Its percent of users. */
  readonly share: number;
  readonly last: Run | undefined;
  /** How long ago that was opened, by the store's clock. */
  readonly lastAgeMs: number;
}

/** The message of a deploy may take this long to arrive. */
const unvalidatedAfterMs = 10 * 60_000;

/** The latest attempt on this very revision: an older one may have had its name. */
function ownRun({ revision, last }: Doubt): Run | undefined {
  return last && compareRevisions(last.candidate, orderOf(revision)) === 0 ? last : undefined;
}

/** True: a window alone keeps it from users, who have none of it. Whoever set that up knows; it is validated again after it. */
export function awaitsWindow(doubt: Doubt): boolean {
  const run = ownRun(doubt);
  return doubt.share === 0 && run !== undefined && isKeptByWindow(run);
}

/** True: it ended without more traffic for its revision, for nothing but a freeze window. */
export function isKeptByWindow({
  state,
  verdict,
  reasons,
}: Pick<Run, 'state' | 'verdict' | 'reasons'>): boolean {
  return (
    state === 'closed' && verdict === 'inconclusive' && reasons.some(({ code }) => code === 'freeze-window')
  );
}

/** A validation that waits this long for what it decided has stalled. */
const stalledAfterMs = 10 * 60_000;

/** True: a revision that users get is being judged for the first time, or its rollback is on its way. */
export function isUnderWay(doubt: Doubt, at: Date): boolean {
  const run = ownRun(doubt);
  if (!run || run.state === 'closed' || run.attempt > 1) return false;
  const due = run.stageDeadlineAt ?? run.dueAt;
  return due === undefined || at.getTime() - due.getTime() <= stalledAfterMs;
}

/**
 * True: a revision that users do not get was not judged, though it could be; or it passed, and may have users by now.
 * @param mayServe whether its mode, pins and tags let it have users
 */
export function isHeldBack(doubt: Doubt, mayServe: boolean, at: Date): boolean {
  const { revision } = doubt;
  const run = ownRun(doubt);
  if (revision.readiness.kind !== 'ready') return false;
  if (run?.verdict === 'pass') return mayServe && wasKeptBack(run);
  if (run) return run.state === 'closed' && (run.verdict === 'inconclusive' || run.verdict === 'superseded');
  return at.getTime() - revision.createTime.getTime() >= unvalidatedAfterMs;
}

/** It passed, and got no users for what people wanted then. */
function wasKeptBack(run: Run): boolean {
  if (run.state !== 'closed' || run.authority !== 'full') return false;
  return run.outcome?.code === 'preview' || isKeptByPin(run);
}

/** True: it passed at 0 %, and a person's pin keeps it there. */
export function isKeptByPin({ verdict, reasons }: Pick<Run, 'verdict' | 'reasons'>): boolean {
  return verdict === 'pass' && reasons.some(({ code }) => code === 'human-pin');
}

/** What a human is to know of revisions that nobody knows to be good. @param doubts the most served first */
export function alarmOf(doubts: readonly Doubt[], at: Date): Alarm | undefined {
  const [first] = doubts;
  if (!first) return undefined;
  return {
    code: first.share > 0 ? 'unverified-revision' : 'unvalidated-revision',
    text: doubts.map(describeDoubt).join('; '),
    revision: first.revision.name,
    at,
  };
}

function describeDoubt(doubt: Doubt): string {
  const { revision, share } = doubt;
  const { name } = revision;
  const last = ownRun(doubt);
  const what =
    share > 0 ? `${name} serves ${share} % of the traffic` : `${name} is ready, but has no traffic`;
  if (!last) return `${what} and was never validated: validate it with deploy-loop guard, or delete it`;
  const { verdict, reasons, outcome } = last;
  const why = outcome?.text ?? reasons[0]?.text;
  return `${what} and is not verified good: ${verdict ?? 'being validated'}${why ? ` (${why})` : ''}`;
}
