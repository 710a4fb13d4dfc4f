import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, type IntentRecord, intents, outbox } from '../../contracts/records.ts';
import { TransientError } from '../../domain/errors.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, type Stored, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';

/** What an intent says of the write that it comes before. */
export interface PlannedWrite {
  readonly traffic: readonly TrafficTarget[];
  readonly why: string;
  readonly target?: RevisionName | undefined;
}

/**
 * Records a write before it is made, and counts it in its effect: of two executors, and of a write and an end of the
 * effect, only the first gets through.
 * @param effect as read before the service was
 * @param n how many intents the effect has
 * @throws {WriteConflictError} another executor has stored an intent, or has ended the effect
 */
export async function storeIntent(
  effectId: EffectId,
  effect: Stored<EffectRecord>,
  service: ServiceState,
  planned: PlannedWrite,
  n: number,
  ports: Ports,
): Promise<Stored<IntentRecord>> {
  const { runId, serviceKey, ref, request } = effect.data;
  const intentRef = documentIn(intents, `${effectId}.${n}`);
  const data: IntentRecord = {
    effectId,
    runId,
    serviceKey,
    ref,
    actor: request?.actor ?? 'deploy-loop',
    why: planned.why,
    etag: service.etag,
    generation: String(service.generation),
    before: [...service.traffic],
    after: [...planned.traffic],
    target: planned.target,
    outcome: 'unknown',
    at: ports.clock.now(),
  };
  const count = update(documentIn(outbox, effectId), effect, { intents: n + 1 });
  await ports.store.commit([create(intentRef, data), count]);
  const stored = await ports.store.get(intentRef);
  if (!stored) throw new TransientError(`intent ${intentRef.id} is not readable`);
  return stored;
}

/** What became of a write. */
export async function recordOutcome(
  intent: Stored<IntentRecord>,
  outcome: IntentRecord['outcome'],
  { store }: Ports,
): Promise<void> {
  // In a conflict another executor has found it out, too.
  await tryCommit(store, [update(documentIn(intents, intent.id), intent, { outcome })]);
}

/** All intents of an effect, in order. */
export async function loadIntents(effectId: EffectId, { store }: Ports): Promise<Stored<IntentRecord>[]> {
  const found = await store.find({ collection: intents, where: [['effectId', '==', effectId]], limit: 1000 });
  return found.sort((a, b) => sequenceOf(a) - sequenceOf(b));
}

function sequenceOf(intent: Stored<IntentRecord>): number {
  return Number(intent.id.split('.').at(-1));
}
