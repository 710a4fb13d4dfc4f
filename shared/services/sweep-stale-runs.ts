import { documentIn } from '../contracts/document.ts';
import type { SweepStaleRuns } from '../contracts/messages.ts';
import { outbox, runs, services } from '../contracts/records.ts';
import { describeError, WriteConflictError } from '../domain/errors.ts';
import { type EffectId, effectIdOf, type RunId, type ServiceRef, serviceKeyOf } from '../domain/ids.ts';
import { isRunTag } from '../domain/plan-traffic.ts';
import { mostServed, type ServiceState, servingSplit } from '../domain/traffic.ts';
import type { Ports } from '../ports/ports.ts';
import { create } from '../ports/store.ts';
import { loadCurrentConfig } from './load-config.ts';

const batch = 200;

/**
 * Once a minute: whatever should have happened by now is nudged, and whatever serves unwatched is found. It decides
 * nothing itself; it only wakes those who do.
 */
export async function sweepStaleRuns(_message: SweepStaleRuns, ports: Ports): Promise<void> {
  await nudgeRuns(ports);
  await nudgeEffects(ports);
  const bound = await loadCurrentConfig(ports.store);
  for (const { project, region, service } of bound?.config.services ?? []) {
    const ref = { project, region, service };
    try {
      await sweepService(ref, ports);
    } catch (error) {
      // One unreachable service must not leave the others unwatched.
      ports.log.warn({ service }, `sweep: ${describeError(error)}`);
    }
  }
}

async function nudgeRuns({ store, bus, clock }: Ports): Promise<void> {
  const now = clock.now();
  const due = await store.find({
    collection: runs,
    where: [['dueAt', '<=', now]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
  });
  for (const { id, data } of due) {
    const runId = id as RunId;
    const late = data.stageDeadlineAt !== undefined && data.stageDeadlineAt <= now;
    if (late) await bus.publish('decide-stage', { runId, stage: data.stage });
    else await bus.publish('check-health', { runId });
  }
}

async function nudgeEffects({ store, bus, clock }: Ports): Promise<void> {
  const due = await store.find({
    collection: outbox,
    where: [['dueAt', '<=', clock.now()]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
  });
  for (const { id } of due) await bus.publish('route-traffic', { effectId: id as EffectId });
}

async function sweepService(ref: ServiceRef, ports: Ports): Promise<void> {
  const state = await ports.run.getService(ref);
  if (!state) return;
  const known = await ports.store.get(documentIn(services, serviceKeyOf(ref)));
  const current = known?.data.currentRun;
  const run = current && (await ports.store.get(documentIn(runs, current.runId)));
  if (run && run.data.state !== 'closed') return;
  if (current) await sweepTags(state, current.runId, ports);
  await findUnwatched(state, ports);
}

/** The revision with the most traffic must have a verdict, or get one: begin-validation knows whether it does. */
async function findUnwatched(state: ServiceState, { bus }: Ports): Promise<void> {
  const revision = mostServed(servingSplit(state));
  if (revision === undefined || state.reconciling) return;
  await bus.publish('begin-validation', { kind: 'revision', ref: state.ref, revision, openedBy: 'sweep' });
}

async function sweepTags(state: ServiceState, lastRun: RunId, ports: Ports): Promise<void> {
  if (!state.traffic.some((target) => target.tag !== undefined && isRunTag(target.tag))) return;
  const effectId = effectIdOf(lastRun, 'health', 'untag');
  const now = ports.clock.now();
  try {
    await ports.store.commit([
      create(documentIn(outbox, effectId), {
        runId: lastRun,
        serviceKey: serviceKeyOf(state.ref),
        ref: state.ref,
        stage: 'health',
        kind: 'untag',
        state: 'open',
        dueAt: now,
        createdAt: now,
      }),
    ]);
  } catch (error) {
    if (!(error instanceof WriteConflictError)) throw error;
  }
  await ports.bus.publish('route-traffic', { effectId });
}
