import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { openPolicyOf } from '../../contracts/policies.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import {
  cancelled,
  outbox,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
  waitingRuns,
} from '../../contracts/records.ts';
import { TransientError, WriteConflictError } from '../../domain/errors.ts';
import { type EffectId, effectIdOf, type RunId, runIdOf, serviceKeyOf } from '../../domain/ids.ts';
import { newEffect } from '../../domain/records/effect.ts';
import { isMigration, orderOf } from '../../domain/revision.ts';
import { type NewRun, openRun } from '../../domain/runs/open-run.ts';
import { type CurrentStanding, newestOf, planRegistration } from '../../domain/runs/plan-registration.ts';
import { type ServiceState, shareIn } from '../../domain/service-state.ts';
import { missingTags } from '../../domain/traffic/plan-reach.ts';
import { previewTag } from '../../domain/traffic/traffic-tags.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, type Stored, update, type Write } from '../../ports/store.ts';
import { withKnownPin } from '../records/known-pin.ts';

/** A run to be opened, and the config that it is bound to. */
export interface CandidateRun extends NewRun {
  readonly config: ServiceConfig;
}

const maxTries = 10;

/**
 * Opens the run of one attempt on one revision, or finds it, and wakes it. The run and the service's record are one
 * batch; the loser of a race reads and decides again, so events give the same result in any order and number.
 *
 * @throws {TransientError} too many writers changed the service's document
 */
export async function registerRun(candidate: CandidateRun, ports: Ports): Promise<RunId> {
  const runId = await registerAgain(candidate, ports);
  await wakeRun(runId, ports);
  return runId;
}

/**
 * The same without a wake-up, for callers that are running already.
 * @throws {TransientError} too many writers changed the service's document
 */
export async function registerAgain(candidate: CandidateRun, ports: Ports): Promise<RunId> {
  const runId = runIdOf(candidate.ref, candidate.revision.name, candidate.attempt);
  for (let tries = 0; tries < maxTries; tries++) {
    const existing = await ports.store.get(documentIn(runs, runId));
    if (existing && existing.data.state !== 'waiting') break;
    try {
      const writes = await planWrites(runId, candidate, existing, ports);
      if (writes.length > 0) await ports.store.commit(writes);
      await nudgeEffects(writes, ports);
      break;
    } catch (error) {
      if (!(error instanceof WriteConflictError)) throw error;
      if (tries === maxTries - 1)
        throw new TransientError(`the record of ${candidate.ref.service} stayed contended`);
    }
  }
  return runId;
}

/** Nudges a run: check-health determines its next step. Harmless at any time. */
export async function wakeRun(runId: RunId, { bus }: Pick<Ports, 'bus'>): Promise<void> {
  await bus.publish('check-health', { runId });
}

async function planWrites(
  runId: RunId,
  candidate: CandidateRun,
  existing: Stored<RunRecord> | undefined,
  ports: Ports,
): Promise<Write[]> {
  const { ref, config } = candidate;
  const serviceKey = serviceKeyOf(ref);
  const known = await ports.store.get(documentIn(services, serviceKey));
  const service = await ports.run.getService(ref);
  if (!service) throw new TransientError(`service ${ref.service} does not exist`);
  const revision = await ports.run.getRevision(ref, candidate.revision.name);
  const current = await currentStanding(known?.data, service, ports);

  const share = shareIn(service, candidate.revision.name);
  const isPreview = config.mode === 'guard' && previewTag(service, candidate.revision.name) !== undefined;
  const readiness = revision?.readiness.kind ?? 'gone';
  const settling = service.reconciling && share === 0 && readiness === 'ready';
  const order = orderOf(candidate.revision);
  const registration = planRegistration(
    {
      ...order,
      readiness: settling ? 'pending' : readiness,
      hasTraffic: share > 0,
      isPreview,
      asked: candidate.openedBy !== 'build',
    },
    current,
    known?.data.newest,
  );
  const previous = await previousAttempt(candidate, ports);
  const migration = isMigration(revision?.labels ?? {});
  const run = openRun(
    registration,
    { ...candidate, name: config.name, migration, previous },
    service,
    known?.data,
    existing?.data,
    openPolicyOf(config),
    ports.clock.now(),
  );
  ports.log.info(
    { runId, service: ref.service, revision: candidate.revision.name, registration },
    'run registered',
  );
  // No user waits for a preview.
  const waiter =
    registration === 'queue' && !isPreview
      ? await awaitRun(known?.data.currentRun?.runId, runId, candidate, ports)
      : [];
  if (existing && run.state === 'waiting') return waiter;
  const runRef = documentIn(runs, runId);
  const writes: Write[] = [existing ? update(runRef, existing, run) : create(runRef, run), ...waiter];
  if (registration !== 'current' && registration !== 'supersede') return writes;

  const newest = isPreview ? known?.data.newest : newestOf(known?.data.newest, order);
  // What follows decides by the record alone.
  const pin = withKnownPin(service, known?.data)?.pin;
  const view = { currentRun: { ...order, runId }, newest, ...(pin && { pin }) };
  const serviceRef = documentIn(services, serviceKey);
  writes.push(
    known
      ? update(serviceRef, known, view)
      : create(serviceRef, { ref, name: config.name, lastGood: [], rollbacks: [], ...view }),
  );
  if (registration === 'supersede' && known?.data.currentRun) {
    const cancel = { by: runId, revision: candidate.revision.name, at: ports.clock.now() };
    writes.push(create(documentIn(cancelled, known.data.currentRun.runId), cancel));
  }
  if (
    run.authority !== 'observe' &&
    missingTags(service, runId, run.candidate.revision, run.stable, {
      standingTag: config.rollback.standingTag,
      byTags: hasTagUrls(config),
    }).size > 0
  ) {
    const effect = newEffect({ runId, serviceKey, ref, stage: 'health', kind: 'tag' }, ports.clock.now());
    writes.push(create(documentIn(outbox, effectIdOf(runId, 'health', 'tag')), effect));
  }
  return writes;
}

/** The effects of the registration itself: tags, which take a while to become reachable. */
async function nudgeEffects(writes: readonly Write[], { bus }: Ports): Promise<void> {
  for (const { ref } of writes)
    if (ref.collection.path === outbox.path)
      await bus.publish('route-traffic', { effectId: ref.id as EffectId });
}

async function previousAttempt(
  { ref, revision, attempt }: CandidateRun,
  { store }: Ports,
): Promise<RunRecord | undefined> {
  if (attempt === 1) return undefined;
  return (await store.get(documentIn(runs, runIdOf(ref, revision.name, attempt - 1))))?.data;
}

/** Informs the run ahead that another is queued: it shortens its watch, or gives its canary up. */
async function awaitRun(
  ahead: RunId | undefined,
  runId: RunId,
  { revision }: CandidateRun,
  { store, clock }: Ports,
): Promise<Write[]> {
  if (ahead === undefined) return [];
  const ref = documentIn(waitingRuns, ahead);
  if (await store.get(ref)) return [];
  return [create(ref, { by: runId, revision: revision.name, at: clock.now() })];
}

async function currentStanding(
  known: ServiceRecord | undefined,
  service: ServiceState,
  { store }: Ports,
): Promise<CurrentStanding | undefined> {
  if (!known?.currentRun) return undefined;
  const run = await store.get(documentIn(runs, known.currentRun.runId));
  const { revision, createTime } = known.currentRun;
  return {
    revision,
    createTime,
    open: run !== undefined && run.data.state !== 'closed',
    moving: run?.data.state === 'open' && run.data.action !== 'none',
    hasTraffic: shareIn(service, revision) > 0,
  };
}
