import { documentIn } from '../contracts/document.ts';
import { outbox } from '../contracts/records.ts';
import { WriteConflictError } from '../domain/errors.ts';
import { effectIdOf, type RunId, serviceKeyOf } from '../domain/ids.ts';
import type { ServiceState } from '../domain/traffic.ts';
import { isRunTag } from '../domain/traffic-tags.ts';
import type { Ports } from '../ports/ports.ts';
import { create } from '../ports/store.ts';
import { newEffect } from './new-effect.ts';

/** Has the tags of ended runs removed: each keeps its revision's instances alive. @param lastRun that has ended */
export async function sweepTags(
  state: ServiceState,
  lastRun: RunId,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<void> {
  if (!state.traffic.some((target) => target.tag !== undefined && isRunTag(target.tag))) return;
  const effectId = effectIdOf(lastRun, 'health', 'untag');
  const of = {
    runId: lastRun,
    serviceKey: serviceKeyOf(state.ref),
    ref: state.ref,
    stage: 'health' as const,
    kind: 'untag' as const,
  };
  try {
    await ports.store.commit([create(documentIn(outbox, effectId), newEffect(of, ports.clock.now()))]);
  } catch (error) {
    if (!(error instanceof WriteConflictError)) throw error;
  }
  await ports.bus.publish('route-traffic', { effectId });
}
