import { documentIn } from '../../shared/contracts/document.ts';
import { type EffectRecord, outbox } from '../../shared/contracts/records.ts';
import type { EffectId, RevisionName } from '../../shared/domain/ids.ts';
import type { ManualKind } from '../../shared/domain/traffic/plan-manual.ts';
import type { MessageBus } from '../../shared/ports/message-bus.ts';
import { requestManually } from '../../shared/services/traffic/request-manually.ts';
import type { World } from './world.ts';

export interface ManualOptions {
  readonly revision?: string;
  readonly force?: boolean;
}

/** Ann asks for it, and says what became of it. */
export async function act(
  world: World,
  kind: ManualKind,
  options: ManualOptions = {},
): Promise<EffectRecord | undefined> {
  const effectId = await ask(world, kind, options, world.bus);
  await world.bus.idle();
  return (await world.store.get(documentIn(outbox, effectId)))?.data;
}

/** Ann asks for it, and the message is held up: nobody works on it before `deliver` or a sweep. */
export function request(world: World, kind: ManualKind, options: ManualOptions = {}): Promise<EffectId> {
  return ask(world, kind, options, { publish: async () => {} });
}

/** The message of a request arrives. @returns what became of it */
export async function deliver(world: World, effectId: EffectId): Promise<EffectRecord | undefined> {
  await world.publish('route-traffic', { effectId });
  await world.bus.idle();
  return (await world.store.get(documentIn(outbox, effectId)))?.data;
}

function ask(
  world: World,
  kind: ManualKind,
  { revision, force = false }: ManualOptions,
  bus: MessageBus,
): Promise<EffectId> {
  const named = revision === undefined ? {} : { revision: revision as RevisionName };
  const request = { actor: 'ann', why: 'because', force, ...named };
  return requestManually({ kind, ref: world.ref, request }, { ...world.ports, bus });
}
