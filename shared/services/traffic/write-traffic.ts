import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, outbox } from '../../contracts/records.ts';
import {
  PermanentError,
  TrafficChangedError,
  TransientError,
  UnknownOutcomeError,
  WriteConflictError,
} from '../../domain/errors.ts';
import type { EffectId } from '../../domain/ids.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import { isAwaited } from '../../domain/stages.ts';
import {
  findLanded,
  findLate,
  judgeTraceless,
  lastManual,
  voidOf,
} from '../../domain/traffic/past-writes.ts';
import {
  dropTagsOfDeleted,
  effectAnnotation,
  type TrafficPlan,
  type WrittenTraffic,
} from '../../domain/traffic/plan-traffic.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Stored } from '../../ports/store.ts';
import { annotatedPin, annotatePin } from '../records/known-pin.ts';
import type { EffectEnd } from './effect-end.ts';
import { refuseLate } from './refuse-late.ts';
import { loadIntents, recordOutcome, type StoredIntent, storeIntent } from './traffic-intents.ts';

/** Accepted now, or found to have landed earlier. */
export interface Written extends WrittenTraffic {
  readonly kind: 'written';
  /** When its intent was stored, by the store's clock. */
  readonly at: Date;
  readonly why: string;
}

/** Skipped; or stopped: nothing more may be written for the effect, and a human must look. */
export interface Unwritten extends EffectEnd {
  readonly kind: 'unwritten';
  readonly state: 'skipped' | 'stopped';
}

/** The reads of one attempt to write. */
interface Read {
  readonly effectId: EffectId;
  /** Read before everything else: if it changes, another executor is working on it. */
  readonly effect: Stored<EffectRecord>;
  readonly service: ServiceState;
  readonly past: readonly StoredIntent[];
}

const maxTries = 5;
const jitterMs = 250;

/**
 * The only caller of UpdateService. One conditional write carries the traffic and the id of its intent, which is stored
 * first: a write with a lost response is recognised later, and only one of several executors succeeds.
 *
 * @param plan called before every attempt, with a fresh read
 * @throws {UnknownOutcomeError} the response was lost: call again to find out
 * @throws {TransientError} too many writers changed the service, Cloud Run did not respond, or the effect has ended
 */
export async function writeTraffic(
  effectId: EffectId,
  plan: (service: ServiceState) => Promise<TrafficPlan>,
  ports: Ports,
): Promise<Written | Unwritten> {
  for (let tries = 0; tries < maxTries; tries++) {
    const result = await attempt(effectId, plan, ports);
    if (result) return result;
    await ports.clock.sleep(ports.random.fraction() * jitterMs);
  }
  throw new TransientError(`the service of ${effectId} changed at each of ${maxTries} attempts`);
}

/** @returns undefined: the service or the effect has changed meanwhile */
async function attempt(
  effectId: EffectId,
  plan: (service: ServiceState) => Promise<TrafficPlan>,
  ports: Ports,
): Promise<Written | Unwritten | undefined> {
  const effect = await ports.store.get(documentIn(outbox, effectId));
  if (effect?.data.state !== 'open') throw new TransientError(`effect ${effectId} has ended meanwhile`);
  const service = await ports.run.getService(effect.data.ref);
  if (!service) return stopped(reason('no-service', 'the service no longer exists'), effect);
  // Read after the service: the intent of whichever mark it carries was stored before.
  const past = await loadIntents(effectId, ports);
  const landed = findLanded(service, effectId, past);
  if (landed) return noteLanded(landed, ports);
  const traceless = judgeTraceless(service, effectId, past);
  if (traceless === 'under-way') throw new UnknownOutcomeError(`a write of ${effectId} may be in progress`);
  if (traceless === 'unknown') {
    const text = 'the response to a write was lost, and the service has changed since';
    return stopped(reason('unknown-outcome', text), effect);
  }
  await assertNoManualChangeUnderWay(effectId, service, ports);
  const planned = await plan(service);
  const read = { effectId, effect, service, past };
  if (planned.kind === 'skip') return skip(planned.reason, read, ports);
  const refused = await refuseLate(effect, service, planned, ports);
  return refused ? skip(refused, read, ports) : send(planned, read, ports);
}

function stopped(outcome: Reason, since: Stored<EffectRecord>): Unwritten {
  return { kind: 'unwritten', state: 'stopped', outcome, since };
}

/**
 * Before an effect ends without a write, a write that is still on its way must be voided: a write of the mark alone
 * changes the etag that it needs. This moves no traffic, and keeps a late write from moving traffic under a kill
 * switch.
 * @returns undefined: the service has changed
 */
async function skip(
  outcome: Reason,
  { effectId, effect, service, past }: Read,
  ports: Ports,
): Promise<Unwritten | undefined> {
  const { ref, etag } = service;
  const late = findLate(service, past);
  // The reason against the write was read after the service, which may have changed since.
  if (late.length === 0 && isAwaited(effect.data.kind) && (await ports.run.getService(ref))?.etag !== etag)
    return undefined;
  if (late.length > 0) {
    const annotations = { ...service.annotations, [effectAnnotation]: voidOf(effectId) };
    try {
      const traffic = await dropDeadTags(service, service.traffic, ports);
      await ports.run.updateTraffic(ref, { traffic, annotations, etag });
    } catch (error) {
      if (error instanceof TrafficChangedError) return undefined;
      throw error;
    }
    for (const intent of late) await recordOutcome(intent, 'rejected', ports);
  }
  return { kind: 'unwritten', state: 'skipped', outcome, since: effect };
}

/** @returns undefined: the service or the effect has changed */
async function send(
  { traffic, annotations: marks, why, target, pin }: Extract<TrafficPlan, { kind: 'write' }>,
  { effectId, effect, service, past }: Read,
  ports: Ports,
): Promise<Written | Unwritten | undefined> {
  const { ref, etag } = service;
  let intent: StoredIntent | undefined;
  try {
    const after = await dropDeadTags(service, traffic, ports);
    intent = await storeIntent(effectId, effect, service, { after, why, target }, past.length, ports);
    const { before } = intent.data;
    const pinned = pin ? pin({ before, after, target, at: intent.createTime }) : annotatedPin(service, after);
    const annotations = {
      ...annotatePin(service, pinned),
      ...marks,
      [effectAnnotation]: intent.id,
    };
    await ports.run.updateTraffic(ref, { traffic: after, annotations, etag });
  } catch (error) {
    if (error instanceof UnknownOutcomeError) throw error;
    if (intent) await recordOutcome(intent, 'rejected', ports);
    if (error instanceof WriteConflictError || error instanceof TrafficChangedError) return undefined;
    if (error instanceof PermanentError) return refuse(error, effectId, past.length + 1, ports);
    throw error;
  }
  return noteLanded(intent, ports);
}

/**
 * Cloud Run refused: a human must look, unless another write of the effect may have landed.
 * @param intents the number of the effect's intents if no other executor is working on it
 * @throws {UnknownOutcomeError} another executor is, or an earlier write may still land
 */
async function refuse(
  error: PermanentError,
  effectId: EffectId,
  intents: number,
  { store }: Ports,
): Promise<Unwritten> {
  const effect = await store.get(documentIn(outbox, effectId));
  const others = await loadIntents(effectId, { store });
  if (effect?.data.intents !== intents || others.some(({ data }) => data.outcome !== 'rejected'))
    throw new UnknownOutcomeError(`another write of ${effectId} may land: ${error.message}`, {
      cause: error,
    });
  return stopped(reason('refused', error.message), effect);
}

async function noteLanded(intent: StoredIntent, ports: Ports): Promise<Written> {
  if (intent.data.outcome !== 'accepted') await recordOutcome(intent, 'accepted', ports);
  const { before, after, target, why } = intent.data;
  return { kind: 'written', before, after, target, at: intent.createTime, why };
}

/** Cloud Run refuses every write to a service one of whose tags names a deleted revision. */
async function dropDeadTags(
  { ref }: ServiceState,
  traffic: readonly TrafficTarget[],
  { run }: Ports,
): Promise<TrafficTarget[]> {
  const tagged = traffic.flatMap(({ tag, revision }) => (tag && revision ? [revision] : []));
  const found = await Promise.all([...new Set(tagged)].map((name) => run.getRevision(ref, name)));
  return dropTagsOfDeleted(traffic, (name) => found.some((revision) => revision?.name === name));
}

/**
 * Throws while a manual change has landed but is not recorded yet, and wakes the function that records it.
 * @throws {TransientError} call again
 */
async function assertNoManualChangeUnderWay(
  own: EffectId,
  service: ServiceState,
  { store, bus }: Ports,
): Promise<void> {
  const effectId = lastManual(service);
  if (
    effectId === undefined ||
    effectId === own ||
    (await store.get(documentIn(outbox, effectId)))?.data.state !== 'open'
  )
    return;
  await bus.publish('route-traffic', { effectId });
  throw new TransientError(`the manual change ${effectId} is being recorded`);
}
