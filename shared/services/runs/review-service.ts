import { documentIn } from '../../contracts/document.ts';
import { type ServiceRecord, services } from '../../contracts/records.ts';
import { WriteConflictError } from '../../domain/errors.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import { compareRevisions } from '../../domain/traffic/revision.ts';
import {
  formatSplit,
  mostServed,
  percentsChanged,
  type ServiceState,
  servingSplit,
  shareIn,
} from '../../domain/traffic/traffic.ts';
import type { Ports } from '../../ports/ports.ts';
import { update } from '../../ports/store.ts';
import { lastRunOf } from './next-attempt.ts';

/** The message of a deploy may take this long to arrive. */
const unvalidatedAfterMs = 10 * 60_000;

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
  const { pin, alarm, lastGood } = known.data;
  const marked = markMovedAway(lastGood, state);
  const sameGood = marked.every((good, n) => good.movedAway === lastGood[n]?.movedAway);
  const lost = pin !== undefined && percentsChanged(pin.after, state);
  const found = await findUnvalidated(state, ports);
  const same = found?.revision === alarm?.revision && found?.code === alarm?.code;
  if (!lost && same && sameGood) return;
  try {
    await store.commit([
      update(ref, known, {
        lastGood: marked,
        ...(lost ? { pin: undefined } : {}),
        ...(same ? {} : { alarm: found }),
      }),
    ]);
  } catch (error) {
    // Somebody is at it; the next sweep is a minute away.
    if (error instanceof WriteConflictError) return;
    throw error;
  }
  const service = state.ref.service;
  if (lost)
    log.warn(
      { service, code: 'pin-lost' },
      `the pinned traffic was moved by someone else: ${formatSplit(servingSplit(state))}`,
    );
  if (found && !same) log.error({ service, code: found.code, revision: found.revision }, found.text);
}

/** Users were moved back to an older good revision: what they were moved away from is no way back until it serves. */
function markMovedAway(lastGood: ServiceRecord['lastGood'], state: ServiceState): ServiceRecord['lastGood'] {
  const most = mostServed(servingSplit(state));
  const serving = lastGood.find((good) => good.revision === most);
  if (!serving) return lastGood;
  return lastGood.map((good) => {
    const movedAway = compareRevisions(good, serving) > 0 && shareIn(state, good.revision) === 0;
    // An older one that was left stays so until it serves.
    const stays = good.movedAway === true && shareIn(state, good.revision) === 0;
    return movedAway || stays ? { ...good, movedAway: true } : { ...good, movedAway: undefined };
  });
}

/** The newest revision is ready, users get none of it, and no run was ever opened for it. */
async function findUnvalidated(
  state: ServiceState,
  { store, run, clock }: Pick<Ports, 'store' | 'run' | 'clock'>,
): Promise<ServiceRecord['alarm']> {
  const name = state.latestCreatedRevision;
  if (name === undefined || shareIn(state, name) > 0) return undefined;
  if (await lastRunOf(store, state.ref, name)) return undefined;
  const revision = await run.getRevision(state.ref, name);
  if (revision?.readiness.kind !== 'ready') return undefined;
  const at = clock.now();
  if (at.getTime() - revision.createTime.getTime() < unvalidatedAfterMs) return undefined;
  const text = `${name} is ready, but has no traffic and no validation: validate it with deploy-loop guard, or delete it`;
  return { code: 'unvalidated-revision', text, revision: name, at };
}
