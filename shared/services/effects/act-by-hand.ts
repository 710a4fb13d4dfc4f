import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { EffectId } from '../../domain/ids.ts';
import { type HandKind, handKinds } from '../../domain/plan-by-hand.ts';
import { formatSplit, specSplit } from '../../domain/traffic.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update, type Write } from '../../ports/store.ts';
import { awaitServing } from '../await-serving.ts';
import { findConfig, planByHand } from '../plan-by-hand.ts';
import { type TrafficPlan, type WriteResult, writeTraffic } from '../write-traffic.ts';
import type { EffectEnd } from './effect-end.ts';
import { pinAfter } from './pin-after.ts';

/** Does to traffic what a person wants, under the same conditions as everything else: one write, its intent before it. */
export async function actByHand(
  effectId: EffectId,
  effect: EffectRecord,
  request: NonNullable<EffectRecord['request']>,
  ports: Ports,
): Promise<EffectEnd> {
  const kind = handKindOf(effect);
  const result = await writeTraffic(
    effectId,
    effect,
    async (service): Promise<TrafficPlan> => {
      const plan = await planByHand(kind, request, service, ports);
      if (plan.kind === 'refused') return { kind: 'skip', reason: plan.reason };
      const why = `${kind} by hand: ${request.why}`;
      return { kind: 'write', traffic: plan.traffic, target: plan.target, why };
    },
    ports,
  );
  if (result.kind !== 'written') return { state: result.kind, outcome: result.reason };
  const seen = await awaitServing(effect.ref, result.after, ports);
  const split = formatSplit(specSplit(result.after, undefined));
  return {
    state: 'done',
    outcome: {
      code: 'done',
      text: seen ? `traffic is ${split}` : `traffic ${split} is accepted, and has not been seen to move yet`,
    },
    also: () => planRecord(effectId, effect, kind, result, ports),
  };
}

function handKindOf({ kind }: EffectRecord): HandKind {
  const found = handKinds.find((hand) => hand === kind);
  if (found === undefined) throw new PermanentError(`${kind} is not done by hand`);
  return found;
}

type Written = Extract<WriteResult, { kind: 'written' }>;

/** What the service's record says of its pin from now on. */
async function planRecord(
  effectId: EffectId,
  { serviceKey, ref }: EffectRecord,
  kind: HandKind,
  written: Written,
  ports: Ports,
): Promise<Write[]> {
  const document = documentIn(services, serviceKey);
  const known = await ports.store.get(document);
  const config = await findConfig(ref, ports);
  const mode = config?.mode ?? 'guard';
  const pin = pinAfter(effectId, kind, written, known?.data.pin, mode, ports.clock.now());
  if (known) return [update(document, known, { pin })];
  return pin
    ? [create(document, { ref, name: config?.name ?? ref.service, lastGood: [], rollbacks: [], pin })]
    : [];
}
