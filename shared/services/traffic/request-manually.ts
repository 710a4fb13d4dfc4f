import { documentIn } from '../../contracts/document.ts';
import type { EffectRecord } from '../../contracts/records.ts';
import { outbox } from '../../contracts/records.ts';
import { assertDocumentId, type EffectId, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import { manualPrefix } from '../../domain/records/effect.ts';
import type { ManualKind } from '../../domain/traffic/plan-manual.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';
import { recordKnownPin } from '../records/known-pin.ts';

/** A person's request for a traffic change of a service. */
export interface ManualRequest {
  readonly kind: ManualKind;
  readonly ref: ServiceRef;
  readonly request: NonNullable<EffectRecord['request']>;
}

/** Stores a request in the outbox and has it executed. Each call is a new request. */
export async function requestManually(
  { kind, ref, request }: ManualRequest,
  { store, bus, run, clock, random }: Pick<Ports, 'store' | 'bus' | 'run' | 'clock' | 'random'>,
): Promise<EffectId> {
  const service = await run.getService(ref);
  if (service) await recordKnownPin(service, { store });
  const effectId = assertDocumentId(`${manualPrefix}${random.nonce()}`) as EffectId;
  const now = clock.now();
  const effect: EffectRecord = {
    serviceKey: serviceKeyOf(ref),
    ref,
    kind,
    request: { ...request, seen: [...(service?.traffic ?? [])], seenLatest: service?.latestReadyRevision },
    state: 'open',
    dueAt: now,
    createdAt: now,
  };
  // The id is unique: if it exists, the client has found its own first attempt.
  await createOnce(store, documentIn(outbox, effectId), effect);
  await bus.publish('route-traffic', { effectId });
  return effectId;
}
