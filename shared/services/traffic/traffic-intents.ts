import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, type IntentRecord, intents, outbox } from '../../contracts/records.ts';
import { TransientError } from '../../domain/errors.ts';
import type { EffectId } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { PastWrite } from '../../domain/traffic/past-writes.ts';
import { effectAnnotation } from '../../domain/traffic/plan-traffic.ts';
import type { Ports } from '../../ports/ports.ts';
import { ageMsOf, create, type Stored, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';

export type StoredIntent = Stored<IntentRecord> & PastWrite;

/**
 * Records a write before it is sent, and counts it in its effect: of two executors, and of a write and the end of the
 * effect, only the first succeeds.
 * @param effect as read before the service
 * @param n how many intents the effect has
 * @throws {WriteConflictError} another executor has stored an intent, or has ended the effect
 */
export async function storeIntent(
  effectId: EffectId,
  effect: Stored<EffectRecord>,
  service: ServiceState,
  planned: Pick<IntentRecord, 'after' | 'why' | 'target'>,
  n: number,
  { store, clock }: Ports,
): Promise<StoredIntent> {
  const { runId, serviceKey, ref, request } = effect.data;
  const intentRef = documentIn(intents, `${effectId}.${n}`);
  const data: IntentRecord = {
    effectId,
    runId,
    serviceKey,
    ref,
    actor: request?.actor ?? 'deploy-loop',
    ...planned,
    etag: service.etag,
    generation: String(service.generation),
    before: [...service.traffic],
    mark: service.annotations[effectAnnotation],
    outcome: 'unknown',
    at: clock.now(),
  };
  const count = update(documentIn(outbox, effectId), effect, { intents: n + 1 });
  await store.commit([create(intentRef, data), count]);
  const stored = await store.get(intentRef);
  if (!stored) throw new TransientError(`intent ${intentRef.id} is not readable`);
  return { ...stored, ageMs: 0 };
}

/** Stores the result of a write. On a conflict, another executor has stored it. */
export async function recordOutcome(
  intent: StoredIntent,
  outcome: IntentRecord['outcome'],
  { store }: Ports,
): Promise<void> {
  await tryCommit(store, [update(documentIn(intents, intent.id), intent, { outcome })]);
}

/** All intents of an effect, in order. */
export async function loadIntents(
  effectId: EffectId,
  { store }: Pick<Ports, 'store'>,
): Promise<StoredIntent[]> {
  const found = await store.find({ collection: intents, where: [['effectId', '==', effectId]], limit: 1000 });
  const sequenceOf = ({ id }: { readonly id: string }) => Number(id.split('.').at(-1));
  return found
    .sort((a, b) => sequenceOf(a) - sequenceOf(b))
    .map((intent) => ({ ...intent, ageMs: ageMsOf(intent) }));
}
