import { documentIn } from '../../contracts/document.ts';
import {
  type EffectRecord,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
} from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { EffectId } from '../../domain/ids.ts';
import { formatSplit, mostServed, specSplit, type TrafficTarget } from '../../domain/service-state.ts';
import {
  goodAfterManual,
  isCanarySplit,
  pinAfterManual,
  refuseOutdated,
} from '../../domain/traffic/manual-change.ts';
import { type ManualKind, manualKinds } from '../../domain/traffic/plan-manual.ts';
import type { PinAfter, TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update, type Write } from '../../ports/store.ts';
import { type EventFact, eventWrites } from '../notices/write-notices.ts';
import { withKnownPin } from '../records/known-pin.ts';
import { findConfig } from '../records/load-config.ts';
import { awaitServing } from './await-serving.ts';
import type { EffectEnd } from './effect-end.ts';
import { judgeManual } from './judge-manual.ts';
import { type Written, writeTraffic } from './write-traffic.ts';

/** Executes a manual traffic change under the same conditions as any other: one write, preceded by its intent. */
export async function actManually(
  effectId: EffectId,
  effect: EffectRecord,
  request: NonNullable<EffectRecord['request']>,
  ports: Ports,
): Promise<EffectEnd> {
  const kind = manualKindOf(effect);
  const result = await writeTraffic(
    effectId,
    async (service): Promise<TrafficPlan> => {
      const outdated = refuseOutdated(request, service);
      if (outdated) return { kind: 'skip', reason: outdated };
      const plan = await judgeManual(kind, request, service, ports);
      if (plan.kind === 'refused') return { kind: 'skip', reason: plan.reason };
      const why = `manual ${kind}: ${request.why}`;
      const stored = await ports.store.get(documentIn(services, effect.serviceKey));
      const pin = await pinRule(
        effectId,
        effect,
        kind,
        withKnownPin(service, stored?.data),
        service.traffic,
        ports,
      );
      return { kind: 'write', traffic: plan.traffic, target: plan.target, why, pin };
    },
    ports,
  );
  if (result.kind !== 'written') return result;
  const seen = await awaitServing(effect.ref, result.after, ports);
  const split = formatSplit(specSplit(result.after, undefined));
  return {
    state: 'done',
    outcome: {
      code: 'done',
      text: seen ? `traffic is ${split}` : `traffic ${split} is accepted, but has not moved yet`,
    },
    also: () => planRecord(effectId, effect, kind, result, ports),
  };
}

function manualKindOf({ kind }: EffectRecord): ManualKind {
  const found = manualKinds.find((hand) => hand === kind);
  if (found === undefined) throw new PermanentError(`${kind} is not a manual change`);
  return found;
}

/** The pin and the good revisions in the service's record after the change. */
async function planRecord(
  effectId: EffectId,
  effect: EffectRecord,
  kind: ManualKind,
  written: Written,
  ports: Ports,
): Promise<Write[]> {
  const { serviceKey, ref } = effect;
  const document = documentIn(services, serviceKey);
  const known = await ports.store.get(document);
  const newer = known?.data.pin && known.data.pin.effectId !== effectId && known.data.pin.at > written.at;
  const pinAfter = await pinRule(effectId, effect, kind, known?.data, written.before, ports);
  const pin = newer ? known.data.pin : pinAfter(written);
  const config = await findConfig(ref, ports);
  const events = config
    ? manualEvents(
        effectId,
        effect,
        kind,
        { ...written, isReleased: known?.data.pin !== undefined && !pin },
        ports,
      ).flatMap((event) => eventWrites({ ...event, name: config.name }, config, undefined))
    : [];
  if (known) {
    const lastGood = goodAfterManual(kind, known.data, written);
    return [update(document, known, { pin, lastGood }), ...events];
  }
  if (!pin) return events;
  const name = config?.name ?? ref.service;
  return [create(document, { ref, name, lastGood: [], rollbacks: [], pin }), ...events];
}

/** What a person's change of traffic is to others. */
function manualEvents(
  effectId: EffectId,
  { ref, request }: EffectRecord,
  kind: ManualKind,
  { after, target, isReleased }: Written & { readonly isReleased: boolean },
  { clock }: Pick<Ports, 'clock'>,
): EventFact[] {
  const revision = target ?? mostServed(specSplit(after, undefined));
  const of = { fact: effectId, at: clock.now(), ref, actor: request?.actor, why: request?.why ?? '' };
  return [
    ...(kind === 'rollback' ? [{ ...of, kind: 'rolled-back', target: revision } as const] : []),
    ...(kind === 'promote' ? [{ ...of, kind: 'promoted', revision } as const] : []),
    ...(isReleased ? [{ ...of, kind: 'pin-released', revision } as const] : []),
  ];
}

/** What a manual change of the traffic `before` makes of the pin. @param known the service's record before it */
async function pinRule(
  effectId: EffectId,
  { ref }: EffectRecord,
  kind: ManualKind,
  known: ServiceRecord | undefined,
  before: readonly TrafficTarget[],
  ports: Ports,
): Promise<PinAfter> {
  const mode = (await findConfig(ref, ports))?.mode ?? 'guard';
  const canary = mode === 'canary' ? await openCanary(known, before, ports) : undefined;
  return (written) => {
    const facts = { ...written, before: canary?.baseline ?? written.before };
    return pinAfterManual(effectId, kind, facts, known?.pin, mode, written.at);
  };
}

/** The run whose canary share is in the traffic: such a split must not be restored. */
async function openCanary(
  known: ServiceRecord | undefined,
  before: readonly TrafficTarget[],
  { store }: Ports,
): Promise<RunRecord | undefined> {
  const run = known?.currentRun && (await store.get(documentIn(runs, known.currentRun.runId)))?.data;
  return run && isCanarySplit(before, run) ? run : undefined;
}
