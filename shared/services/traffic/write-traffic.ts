import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, type IntentRecord, outbox } from '../../contracts/records.ts';
import {
  PermanentError,
  TrafficChangedError,
  TransientError,
  UnknownOutcomeError,
  WriteConflictError,
} from '../../domain/errors.ts';
import { type EffectId, isDocumentId, type ServiceKey, type ServiceRef } from '../../domain/ids.ts';
import { manualPrefix } from '../../domain/records/effect.ts';
import { type ServiceState, sameSplit, specSplit, type TrafficTarget } from '../../domain/service-state.ts';
import {
  dropTagsOfDeleted,
  effectAnnotation,
  sameTraffic,
  type TrafficPlan,
  type WrittenTraffic,
} from '../../domain/traffic/plan-traffic.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { ageMsOf, type Stored } from '../../ports/store.ts';
import { whyFrozen } from '../records/load-controls.ts';
import type { EffectEnd } from './effect-end.ts';
import { refuseLate } from './refuse-late.ts';
import { loadIntents, type PlannedWrite, recordOutcome, storeIntent } from './traffic-intents.ts';

/** Accepted now, or found to have landed before. */
export interface Written extends WrittenTraffic {
  readonly kind: 'written';
}

/** Skipped; or stopped: nothing more may be written for the effect, and a human has to look. */
export interface Unwritten extends EffectEnd {
  readonly kind: 'unwritten';
  readonly state: 'skipped' | 'stopped';
}

const maxTries = 5;
const jitterMs = 250;
/** No call to Cloud Run is on its way for longer. */
const longestCallMs = 15 * 60_000;

/**
 * The only caller of UpdateService. One conditional write carries the traffic and the id of its intent, which is stored
 * before it: a lost answer is recognised afterwards, and of any number of executors one gets through.
 *
 * @param plan asked again, on a fresh read, before every attempt
 * @throws {UnknownOutcomeError} the answer was lost: come again, and this finds out
 * @throws {TransientError} the service stayed contended, Cloud Run was away, or the effect has ended
 */
export async function writeTraffic(
  effectId: EffectId,
  plan: (service: ServiceState) => Promise<TrafficPlan>,
  ports: Ports,
): Promise<Written | Unwritten> {
  for (let tries = 0; tries < maxTries; tries++) {
    const since = await loadOpen(effectId, ports);
    const { ref, serviceKey, request } = since.data;
    const service = await ports.run.getService(ref);
    if (!service) return stopped(since, reason('no-service', `service ${ref.service} no longer exists`));
    // After the service: whoever's mark it carries has stored its intent before.
    const past = await loadIntents(effectId, ports);
    const landed = findLanded(service, effectId, past);
    if (landed) return noteLanded(landed, ports);
    if (isUnknown(service, past)) {
      const text = 'the response to a write was lost, and the service has changed since';
      return stopped(since, reason('unknown-outcome', text));
    }
    if (!request) await assertNoManualChangeUnderWay(service, ports);
    const planned = await plan(service);
    const refused = planned.kind === 'skip' ? planned.reason : await refuseLate(since, service, ports);
    if (refused) {
      if (await voidLateWrites(service, effectId, serviceKey, past, ports))
        return { kind: 'unwritten', state: 'skipped', outcome: refused, since };
    } else if (planned.kind === 'write') {
      const traffic = await dropDeadTags(ref, planned.traffic, ports);
      const write = { traffic, why: planned.why, target: planned.target };
      const sent = await send(effectId, since, service, write, planned.annotations ?? {}, past.length, ports);
      if (sent !== 'conflict') return sent;
    }
    await ports.clock.sleep(ports.random.fraction() * jitterMs);
  }
  throw new TransientError(`the service of ${effectId} changed at each of ${maxTries} attempts`);
}

function stopped(since: Stored<EffectRecord> | undefined, outcome: Reason): Unwritten {
  return { kind: 'unwritten', state: 'stopped', outcome, since };
}

/** @throws {TransientError} it has ended */
async function loadOpen(effectId: EffectId, { store }: Ports): Promise<Stored<EffectRecord>> {
  const effect = await store.get(documentIn(outbox, effectId));
  if (effect?.data.state !== 'open') throw new TransientError(`effect ${effectId} has ended meanwhile`);
  return effect;
}

/** Cloud Run refuses every write to a service one of whose tags names a deleted revision. */
async function dropDeadTags(
  ref: ServiceRef,
  traffic: readonly TrafficTarget[],
  { run }: Ports,
): Promise<TrafficTarget[]> {
  const tagged = new Set(
    traffic.flatMap((entry) =>
      entry.tag !== undefined && entry.revision !== undefined ? [entry.revision] : [],
    ),
  );
  const found = await Promise.all(
    [...tagged].map(async (name) => ((await run.getRevision(ref, name)) ? [name] : [])),
  );
  const alive = new Set(found.flat());
  return dropTagsOfDeleted(traffic, (name) => alive.has(name));
}

type Intent = Stored<IntentRecord>;

/** The intent of an earlier attempt that has landed: its answer was stored, its mark is there, or its traffic is. */
function findLanded(service: ServiceState, effectId: EffectId, past: readonly Intent[]): Intent | undefined {
  const mark = service.annotations[effectAnnotation];
  const unknown = past.filter((intent) => intent.data.outcome === 'unknown');
  return (
    past.findLast((intent) => intent.data.outcome === 'accepted') ??
    unknown.find((intent) => intent.id === mark) ??
    // The mark of earlier versions.
    (mark === effectId ? unknown.at(-1) : undefined) ??
    unknown.findLast((intent) => intent.data.etag !== service.etag && isInForce(intent, service))
  );
}

/** The service is what the intent wanted it to be, and was not before. */
function isInForce({ data: { before, after } }: Intent, { traffic }: ServiceState): boolean {
  const [was, wanted, is] = [before, after, traffic].map((targets) => specSplit(targets, undefined));
  if (!was || !wanted || !is || sameSplit(was, wanted)) return sameTraffic(after, traffic);
  return sameSplit(wanted, is);
}

/** An earlier write may have landed and been replaced: nobody knows what people have seen of it. */
function isUnknown(service: ServiceState, past: readonly Intent[]): boolean {
  return past.some(
    ({ data }) => data.outcome === 'unknown' && data.generation !== String(service.generation),
  );
}

/**
 * Before an effect ends without a write, one that is still on its way must not land any more: a write of the mark alone
 * changes the etag that it needs.
 * @returns false: the service has changed, begin anew
 * @throws {UnknownOutcomeError} a freeze or the kill switch is on, and this would be a write
 */
async function voidLateWrites(
  service: ServiceState,
  effectId: EffectId,
  serviceKey: ServiceKey,
  past: readonly Intent[],
  ports: Ports,
): Promise<boolean> {
  const late = past.filter(
    (intent) =>
      intent.data.outcome === 'unknown' &&
      intent.data.etag === service.etag &&
      ageMsOf(intent) < longestCallMs,
  );
  if (late.length === 0) return true;
  if ((await whyFrozen(serviceKey, ports.store)) !== undefined)
    throw new UnknownOutcomeError(`a write of ${effectId} may still land, and nothing is written for now`);
  const annotations = { ...service.annotations, [effectAnnotation]: `${effectId}.void` };
  try {
    await ports.run.updateTraffic(service.ref, { traffic: service.traffic, annotations, etag: service.etag });
  } catch (error) {
    if (error instanceof TrafficChangedError) return false;
    throw error;
  }
  for (const intent of late) await recordOutcome(intent, 'rejected', ports);
  return true;
}

/**
 * A person's change has landed, and what it means is not recorded yet.
 * @throws {TransientError} come again
 */
async function assertNoManualChangeUnderWay(service: ServiceState, { store, bus }: Ports): Promise<void> {
  const mark = service.annotations[effectAnnotation] ?? '';
  if (!mark.startsWith(manualPrefix) || !isDocumentId(mark)) return;
  const effectId = mark.split('.').slice(0, 2).join('.') as EffectId;
  const hand = await store.get(documentIn(outbox, effectId));
  if (hand?.data.state !== 'open') return;
  await bus.publish('route-traffic', { effectId });
  throw new TransientError(`${effectId} is being recorded`);
}

async function noteLanded(intent: Intent, ports: Ports): Promise<Written> {
  if (intent.data.outcome !== 'accepted') await recordOutcome(intent, 'accepted', ports);
  const { before, after, target } = intent.data;
  return { kind: 'written', before, after, target };
}

async function send(
  effectId: EffectId,
  since: Stored<EffectRecord>,
  service: ServiceState,
  planned: PlannedWrite,
  marks: Readonly<Record<string, string>>,
  n: number,
  ports: Ports,
): Promise<Written | Unwritten | 'conflict'> {
  let intent: Intent | undefined;
  try {
    intent = await storeIntent(effectId, since, service, planned, n, ports);
    const annotations = { ...service.annotations, ...marks, [effectAnnotation]: intent.id };
    await ports.run.updateTraffic(service.ref, { traffic: planned.traffic, annotations, etag: service.etag });
  } catch (error) {
    if (error instanceof UnknownOutcomeError) throw error;
    if (error instanceof WriteConflictError) return 'conflict';
    if (intent) await recordOutcome(intent, 'rejected', ports);
    if (error instanceof TrafficChangedError) return 'conflict';
    // Whatever others are at, Cloud Run refuses.
    if (error instanceof PermanentError) return stopped(undefined, reason('refused', error.message));
    throw error;
  }
  return noteLanded(intent, ports);
}
