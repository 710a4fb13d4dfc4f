import { documentIn } from '../../contracts/document.ts';
import { outbox } from '../../contracts/records.ts';
import { effectIdOf, type RunId, serviceKeyOf } from '../../domain/ids.ts';
import { newEffect } from '../../domain/records/effect.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { isRunTag } from '../../domain/traffic/traffic-tags.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';

/** How often the tags of one run are asked to be removed. */
const maxEffects = 3;

/** Has the tags of ended runs removed: each keeps its revision's instances alive. @param lastRun that has ended */
export async function sweepTags(
  state: ServiceState,
  lastRun: RunId,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<void> {
  if (!state.traffic.some((target) => target.tag !== undefined && isRunTag(target.tag))) return;
  const of = {
    runId: lastRun,
    serviceKey: serviceKeyOf(state.ref),
    ref: state.ref,
    stage: 'health' as const,
    kind: 'untag' as const,
  };
  for (let n = 1; n <= maxEffects; n++) {
    const effectId = effectIdOf(lastRun, 'health', n === 1 ? 'untag' : `untag-${n}`);
    const ref = documentIn(outbox, effectId);
    const isNew = await createOnce(ports.store, ref, newEffect(of, ports.clock.now()));
    // Ended, and the tags are there all the same: it came too early, or during a freeze.
    if (!isNew && (await ports.store.get(ref))?.data.state !== 'open') continue;
    return ports.bus.publish('route-traffic', { effectId });
  }
}
