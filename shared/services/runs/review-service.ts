import { documentIn } from '../../contracts/document.ts';
import { type ServiceRecord, services } from '../../contracts/records.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import {
  alarmOf,
  type Doubt,
  isHeldBack,
  isRecordedGood,
  isUnderWay,
  reviewStanding,
  servedRevisions,
  withoutUsers,
} from '../../domain/runs/review-standing.ts';
import { formatSplit, type ServiceState, servingSplit, shareIn } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { lastRunOf } from './next-attempt.ts';

/**
 * Brings the record of a service in line with what it is: a pin that somebody else has changed is over, and whatever
 * users get without being known to be good is an open alarm, whoever deployed it.
 * @param isBusy true: a run or Cloud Run is moving traffic
 * @returns the revisions in doubt, the most served first
 */
export async function reviewService(
  state: ServiceState,
  { isBusy }: { readonly isBusy: boolean },
  ports: Pick<Ports, 'store' | 'run' | 'clock' | 'log'>,
): Promise<readonly Doubt[]> {
  const { store, log, clock } = ports;
  const ref = documentIn(services, serviceKeyOf(state.ref));
  const known = await store.get(ref);
  const doubts = await findDoubts(state, known?.data, ports);
  if (known) {
    const found = alarmOf(doubts, clock.now());
    const { lost, isNews, changes } = reviewStanding(known.data, state, found, isBusy);
    // In a conflict somebody is at it; the next sweep is a minute away.
    if (!changes || !(await tryCommit(store, [update(ref, known, changes)]))) return doubts;
    const { service } = state.ref;
    const split = formatSplit(servingSplit(state));
    if (lost)
      log.warn({ service, code: 'pin-lost' }, `the pinned traffic was moved by someone else: ${split}`);
    if (found && isNews) log.error({ service, code: found.code, revision: found.revision }, found.text);
  }
  return doubts;
}

/** What users get and is not recorded good; and the newest revision, where it was held back from them unjudged. */
async function findDoubts(
  state: ServiceState,
  known: ServiceRecord | undefined,
  { store, run, clock }: Pick<Ports, 'store' | 'run' | 'clock'>,
): Promise<Doubt[]> {
  const newest = withoutUsers(state);
  const doubts: Doubt[] = [];
  for (const name of [...servedRevisions(state), ...(newest === undefined ? [] : [newest])]) {
    const revision = await run.getRevision(state.ref, name);
    if (!revision || isRecordedGood(revision, known)) continue;
    const last = await lastRunOf(store, state.ref, name);
    const doubt = { revision, share: shareIn(state, name), last };
    const inDoubt = name === newest ? isHeldBack(doubt, clock.now()) : !isUnderWay(doubt, clock.now());
    if (inDoubt) doubts.push(doubt);
  }
  return doubts;
}
