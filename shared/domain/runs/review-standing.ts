import type { RevisionName } from '../ids.ts';
import { markMovedAway } from '../records/good-revisions.ts';
import { pinInForce } from '../records/pin-in-force.ts';
import type { Run } from '../records/run.ts';
import type { Alarm, ServiceRecord } from '../records/service-record.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import { type ServiceState, seenIn, servingSplit, specSplit } from '../service-state.ts';
import type { ReasonCode } from '../verdict.ts';

/** The differences between the record of a service and its current state. */
export interface Standing {
  /** True: someone else has moved the pinned traffic, which releases the pin. */
  readonly lost: boolean;
  /** True: the alarm is new, a different one, or gone. */
  readonly isNews: boolean;
  /** The changes to write; undefined: none. */
  readonly changes:
    | Partial<{ readonly [K in keyof ServiceRecord]: ServiceRecord[K] | undefined }>
    | undefined;
}

/**
 * @param found the alarm that applies now
 * @param isBusy true: a run or Cloud Run is moving traffic, so the split says nothing about what people want
 */
export function reviewStanding(
  { pin, alarm, lastGood }: Pick<ServiceRecord, 'pin' | 'alarm' | 'lastGood'>,
  state: ServiceState,
  found: Alarm | undefined,
  isBusy: boolean,
): Standing {
  const marked = isBusy ? lastGood : markMovedAway(lastGood, state);
  const sameGood = marked.every((good, n) => good.movedAway === lastGood[n]?.movedAway);
  const lost = !isBusy && pin !== undefined && pinInForce(seenIn(state), { pin }) === undefined;
  const isNews = found?.revision !== alarm?.revision || found?.code !== alarm?.code;
  if (!lost && sameGood && !isNews && found?.text === alarm?.text)
    return { lost, isNews, changes: undefined };
  const since = found && alarm && !isNews ? { ...found, at: alarm.at } : found;
  const released = lost ? { pin: undefined, pinReleased: pin.at } : {};
  return { lost, isNews, changes: { lastGood: marked, alarm: since, ...released } };
}

/** A revision with at least this share of the traffic, in percent, must be known to be good. */
export const alarmPercent = 5;

/** The revisions with users, the one with the most traffic first. */
export function servedRevisions(state: ServiceState): RevisionName[] {
  return Object.entries(servingSplit(state))
    .filter(([, percent]) => percent >= alarmPercent)
    .sort(([a, p], [b, q]) => q - p || (a < b ? 1 : -1))
    .map(([name]) => name as RevisionName);
}

/** The revisions besides the target that a run has left with users, although they are not recorded good. */
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

/** Whether this very revision is recorded good, not an older one of the same name. */
export function isRecordedGood(
  revision: Revision,
  known: Pick<ServiceRecord, 'lastGood'> | undefined,
): boolean {
  return known?.lastGood.some((good) => compareRevisions(good, orderOf(revision)) === 0) === true;
}

/** A revision that is not known to be good, and the latest attempt to validate it. */
export interface Doubt {
  readonly revision: Revision;
  /** Its share of the traffic, in percent. */
  readonly share: number;
  readonly last: Run | undefined;
  /** The age of that attempt, by the store's clock. */
  readonly lastAgeMs: number;
}

/** How long the message of a deploy may take to arrive. */
const unvalidatedAfterMs = 10 * 60_000;

/** The latest attempt on this very revision, not on an older one of the same name. */
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

/** A validation that waits this long for its effect has stalled. */
const stalledAfterMs = 10 * 60_000;

/** True: a revision with users is being judged for the first time, or its rollback is in progress. */
export function isUnderWay(doubt: Doubt, at: Date): boolean {
  const run = ownRun(doubt);
  if (!run || run.state === 'closed' || run.attempt > 1) return false;
  const due = run.stageDeadlineAt ?? run.dueAt;
  return due === undefined || at.getTime() - due.getTime() <= stalledAfterMs;
}

/**
 * True: a revision without users was not judged although it could be; or it passed, and may get users now.
 * @param mayServe whether its mode, pins and tags allow it to get users
 */
export function isHeldBack(doubt: Doubt, mayServe: boolean, at: Date): boolean {
  const { revision } = doubt;
  const run = ownRun(doubt);
  if (revision.readiness.kind !== 'ready') return false;
  if (run?.verdict === 'pass') return mayServe && wasKeptBack(run);
  if (run) return run.state === 'closed' && (run.verdict === 'inconclusive' || run.verdict === 'superseded');
  return at.getTime() - revision.createTime.getTime() >= unvalidatedAfterMs;
}

/** It passed, but a preview tag or a manual pin kept it at 0 %. */
function wasKeptBack(run: Run): boolean {
  if (run.state !== 'closed' || run.authority !== 'full') return false;
  return run.outcome?.code === 'preview' || isKeptByPin(run);
}

/** True: it passed at 0 %, and a manual pin keeps it there. */
export function isKeptByPin({ verdict, reasons }: Pick<Run, 'verdict' | 'reasons'>): boolean {
  return verdict === 'pass' && reasons.some(({ code }) => code === 'human-pin');
}

/** True: it passed, but its traffic is still elsewhere, and nothing will change that by itself. */
export function lacksTraffic({ verdict, reasons }: Pick<Run, 'verdict' | 'reasons'>): boolean {
  return verdict === 'pass' && reasons.some(({ code }) => withoutTraffic.includes(code));
}

const withoutTraffic: readonly ReasonCode[] = ['human-pin', 'healthy-without-traffic'];

/** The alarm about revisions that are not known to be good. @param doubts the one with the most traffic first */
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
