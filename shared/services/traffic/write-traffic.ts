import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, type IntentRecord, killSwitch, outbox } from '../../contracts/records.ts';
import {
  PermanentError,
  TrafficChangedError,
  TransientError,
  UnknownOutcomeError,
} from '../../domain/errors.ts';
import { type EffectId, isDocumentId, type ServiceRef } from '../../domain/ids.ts';
import { manualPrefix } from '../../domain/records/effect.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import type { TrafficPlan, WrittenTraffic } from '../../domain/traffic/plan-traffic.ts';
import { dropTagsOfDeleted, effectAnnotation } from '../../domain/traffic/plan-traffic.ts';
import type { Reason, ReasonCode } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Stored } from '../../ports/store.ts';
import { loadControl, whyFrozen } from '../records/load-controls.ts';
import {
  assertNothingUnderWay,
  leaseMs,
  loadIntents,
  recordOutcome,
  storeIntent,
} from './traffic-intents.ts';

export type WriteResult =
  /** Accepted now, or found to have landed before. */
  | ({ readonly kind: 'written' } & WrittenTraffic)
  | { readonly kind: 'skipped'; readonly reason: Reason }
  /** Nothing more may be written for this effect: a human has to look. */
  | { readonly kind: 'stopped'; readonly reason: Reason };

const maxTries = 5;
const jitterMs = 250;

/**
 * The only caller of UpdateService. One conditional write carries traffic and the effect's mark together; an intent
 * is stored before it, so that a lost answer is recognised afterwards and never followed by a second blind write.
 *
 * @param plan asked again, on a fresh read, before every attempt
 * @throws {UnknownOutcomeError} the answer was lost: come again, and this finds out
 * @throws {TransientError} the service stayed contended, or Cloud Run was away
 */
export async function writeTraffic(
  effectId: EffectId,
  effect: EffectRecord,
  plan: (service: ServiceState) => Promise<TrafficPlan>,
  ports: Ports,
): Promise<WriteResult> {
  for (let tries = 0; tries < maxTries; tries++) {
    const service = await ports.run.getService(effect.ref);
    if (!service) return stopped('no-service', `service ${effect.ref.service} no longer exists`);
    // After the service: whoever's mark it carries has stored its intent before.
    const past = await loadIntents(effectId, ports);
    const landed = await findLanded(service, effectId, past, ports);
    if (landed) return landed;
    const planned = await planUnlessFrozen(service, effect, plan, ports);
    if (planned.kind === 'skip') {
      assertNothingUnderWay(effectId, past, ports);
      return { kind: 'skipped', reason: planned.reason };
    }
    const traffic = await dropDeadTags(effect.ref, planned.traffic, ports);
    const startedMs = ports.clock.monotonicMs();
    const intent = await storeIntent(effectId, effect, service, { ...planned, traffic }, past.length, ports);
    // Others take a write for lost some time after its intent: one that is sent later would take them by surprise.
    if (ports.clock.monotonicMs() - startedMs > leaseMs) {
      await recordOutcome(intent, 'rejected', ports);
      throw new TransientError(`the intent of ${effectId} took too long to store`);
    }
    const outcome = await send(intent, service, planned.annotations ?? {}, effectId, ports);
    if (outcome === 'accepted') return writtenBy(intent);
    if (outcome !== 'conflict') return stopped('refused', outcome.refused);
    await ports.clock.sleep(ports.random.fraction() * jitterMs);
  }
  throw new TransientError(`service ${effect.ref.service} changed at each of ${maxTries} attempts`);
}

async function planUnlessFrozen(
  service: ServiceState,
  effect: EffectRecord,
  plan: (service: ServiceState) => Promise<TrafficPlan>,
  ports: Ports,
): Promise<TrafficPlan> {
  if (!effect.request) await assertNoManualChangeUnderWay(service, ports);
  const frozen = await refuseWhenFrozen(effect, ports);
  return frozen ? { kind: 'skip', reason: frozen } : plan(service);
}

/** After an earlier write was looked for: one that has landed is finished, frozen or not. */
async function refuseWhenFrozen(
  { serviceKey, request }: EffectRecord,
  { store }: Ports,
): Promise<Reason | undefined> {
  if (request === undefined) {
    const why = await whyFrozen(serviceKey, store);
    return why === undefined ? undefined : { code: 'frozen', text: `automatic writes are frozen: ${why}` };
  }
  // A freeze is about what the guard does by itself; the kill switch is about everybody.
  const killed = await loadControl(killSwitch, store);
  return killed && { code: 'killed', text: `the kill switch is on: ${killed.data.reason}` };
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

/** Has an earlier attempt landed, or may it have? */
async function findLanded(
  service: ServiceState,
  effectId: EffectId,
  past: readonly Stored<IntentRecord>[],
  ports: Ports,
): Promise<WriteResult | undefined> {
  const accepted = past.findLast((intent) => intent.data.outcome === 'accepted');
  if (accepted) return writtenBy(accepted);
  const open = past.filter((intent) => intent.data.outcome === 'unknown');
  if (service.annotations[effectAnnotation] === effectId) {
    const landed = open.at(-1);
    if (!landed)
      return stopped(
        'no-intent',
        'the service carries the annotation of this effect, but no intent was recorded',
      );
    await recordOutcome(landed, 'accepted', ports);
    return writtenBy(landed);
  }
  if (open.some((intent) => intent.data.generation !== String(service.generation))) {
    return stopped('unknown-outcome', 'the response to a write was lost, and the service has changed since');
  }
  return undefined;
}

/**
 * A person's change has landed, and what it means is not recorded yet.
 * @throws {TransientError} come again
 */
async function assertNoManualChangeUnderWay(service: ServiceState, { store, bus }: Ports): Promise<void> {
  const mark = service.annotations[effectAnnotation] ?? '';
  if (!mark.startsWith(manualPrefix) || !isDocumentId(mark)) return;
  const hand = await store.get(documentIn(outbox, mark));
  if (hand?.data.state !== 'open') return;
  await bus.publish('route-traffic', { effectId: mark as EffectId });
  throw new TransientError(`${mark} is being recorded`);
}

function writtenBy({ data }: Stored<IntentRecord>): WriteResult {
  return { kind: 'written', before: data.before, after: data.after, target: data.target };
}

type SendOutcome = 'accepted' | 'conflict' | { readonly refused: string };

async function send(
  intent: Stored<IntentRecord>,
  service: ServiceState,
  marks: Readonly<Record<string, string>>,
  effectId: EffectId,
  ports: Ports,
): Promise<SendOutcome> {
  const annotations = { ...service.annotations, ...marks, [effectAnnotation]: effectId };
  try {
    await ports.run.updateTraffic(service.ref, {
      traffic: intent.data.after,
      annotations,
      etag: service.etag,
    });
  } catch (error) {
    if (error instanceof UnknownOutcomeError) throw error;
    await recordOutcome(intent, 'rejected', ports);
    if (error instanceof TrafficChangedError) return 'conflict';
    if (error instanceof PermanentError) return { refused: error.message };
    throw error;
  }
  await recordOutcome(intent, 'accepted', ports);
  return 'accepted';
}

function stopped(code: ReasonCode, text: string): WriteResult {
  return { kind: 'stopped', reason: { code, text } };
}
