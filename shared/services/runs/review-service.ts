import { documentIn } from '../../contracts/document.ts';
import { type ServiceRecord, services } from '../../contracts/records.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import { reviewStanding, unvalidatedAlarm, withoutUsers } from '../../domain/runs/review-standing.ts';
import { formatSplit, type ServiceState, servingSplit } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { lastRunOf } from './next-attempt.ts';

/**
 * Brings the record of a service that nobody works on in line with what it is: a pin that somebody else has changed is
 * no longer ours, and a new revision that gets no traffic and that nobody validates is a human's to look at.
 */
export async function reviewService(
  state: ServiceState,
  ports: Pick<Ports, 'store' | 'run' | 'clock' | 'log'>,
): Promise<void> {
  const { store, log } = ports;
  const ref = documentIn(services, serviceKeyOf(state.ref));
  const known = await store.get(ref);
  if (!known || state.reconciling) return;
  const found = await findUnvalidated(state, ports);
  const { lost, isNews, changes } = reviewStanding(known.data, state, found);
  if (!changes) return;
  // In a conflict somebody is at it; the next sweep is a minute away.
  if (!(await tryCommit(store, [update(ref, known, changes)]))) return;
  const service = state.ref.service;
  if (lost)
    log.warn(
      { service, code: 'pin-lost' },
      `the pinned traffic was moved by someone else: ${formatSplit(servingSplit(state))}`,
    );
  if (found && isNews) log.error({ service, code: found.code, revision: found.revision }, found.text);
}

/** The newest revision is ready, users get none of it, and no run was ever opened for it. */
async function findUnvalidated(
  state: ServiceState,
  { store, run, clock }: Pick<Ports, 'store' | 'run' | 'clock'>,
): Promise<ServiceRecord['alarm']> {
  const name = withoutUsers(state);
  if (name === undefined || (await lastRunOf(store, state.ref, name))) return undefined;
  const revision = await run.getRevision(state.ref, name);
  return revision && unvalidatedAlarm(revision, clock.now());
}
