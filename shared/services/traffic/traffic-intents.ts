import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, type IntentRecord, intents, outbox } from '../../contracts/records.ts';
import { TransientError, UnknownOutcomeError } from '../../domain/errors.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, type Stored, update, type Write } from '../../ports/store.ts';

/** How long others leave an effect alone. */
export const leaseMs = 30_000;

/** What an intent says of the write that it comes before. */
export interface PlannedWrite {
  readonly traffic: readonly TrafficTarget[];
  readonly why: string;
  readonly target?: RevisionName | undefined;
}

/**
 * Records a write before it is made.
 * @param n how many intents the effect has
 * @throws {TransientError} another executor has taken over
 */
export async function storeIntent(
  effectId: EffectId,
  effect: EffectRecord,
  service: ServiceState,
  planned: PlannedWrite,
  n: number,
  ports: Ports,
): Promise<Stored<IntentRecord>> {
  const { runId, serviceKey, ref } = effect;
  const intentRef = documentIn(intents, `${effectId}.${n}`);
  const fence = await loadFence(effectId, effect, ports);
  const data: IntentRecord = {
    effectId,
    runId,
    serviceKey,
    ref,
    actor: effect.request?.actor ?? 'deploy-loop',
    why: planned.why,
    etag: service.etag,
    generation: String(service.generation),
    before: [...service.traffic],
    after: [...planned.traffic],
    target: planned.target,
    outcome: 'unknown',
    at: ports.clock.now(),
  };
  // Two executors of one effect meet here: who has been overtaken, or whose effect has ended, writes nothing.
  await ports.store.commit([create(intentRef, data), fence]);
  const stored = await ports.store.get(intentRef);
  if (!stored) throw new TransientError(`intent ${intentRef.id} is not readable`);
  return stored;
}

/**
 * Holds on to the effect's lease in the same batch as the intent.
 * @throws {TransientError} another executor has taken over
 */
async function loadFence(effectId: EffectId, { lease }: EffectRecord, ports: Ports): Promise<Write> {
  const ref = documentIn(outbox, effectId);
  const stored = await ports.store.get(ref);
  if (stored?.data.state !== 'open' || lease === undefined || stored.data.lease?.nonce !== lease.nonce)
    throw new TransientError(`effect ${effectId} was taken over by another executor`);
  const until = new Date(ports.clock.now().getTime() + leaseMs);
  return update(ref, stored, { lease: { nonce: lease.nonce, until } });
}

/** A write whose answer was lost can still arrive this long after its intent. */
const arrivalMs = 60_000;

/** @throws {UnknownOutcomeError} an earlier write may yet land, and what follows from it must not be lost */
export function assertNothingUnderWay(
  effectId: EffectId,
  past: readonly Stored<IntentRecord>[],
  { clock }: Ports,
): void {
  const nowMs = clock.now().getTime();
  // By the store's clock and ours, which may disagree either way.
  const underWay = past.some(
    ({ data, createTime }) =>
      data.outcome === 'unknown' && Math.abs(nowMs - createTime.getTime()) < arrivalMs,
  );
  if (underWay) throw new UnknownOutcomeError(`a write of ${effectId} may still be in progress`);
}

/** What became of a write. */
export function recordOutcome(
  intent: Stored<IntentRecord>,
  outcome: IntentRecord['outcome'],
  { store }: Ports,
): Promise<void> {
  return store.commit([update(documentIn(intents, intent.id), intent, { outcome })]);
}

/** All intents of an effect, in order. */
export async function loadIntents(effectId: EffectId, { store }: Ports): Promise<Stored<IntentRecord>[]> {
  const found = await store.find({ collection: intents, where: [['effectId', '==', effectId]], limit: 100 });
  return found.sort((a, b) => sequenceOf(a) - sequenceOf(b));
}

function sequenceOf(intent: Stored<IntentRecord>): number {
  return Number(intent.id.split('.').at(-1));
}
