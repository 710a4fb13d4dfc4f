import { documentIn } from '../../contracts/document.ts';
import { decisions, outbox, type RunRecord } from '../../contracts/records.ts';
import { decisionIdOf, effectIdOf, type RunId } from '../../domain/ids.ts';
import { newEffect } from '../../domain/records/effect.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';

/** How often a stage asks for its tags: somebody may remove them. */
const maxTagEffects = 3;

/**
 * Has the tags added that a run's candidate and stable revision need to be reached. The registration may have written
 * the effect, and its message may have been lost; or traffic was split since.
 */
export async function askForTag(
  runId: RunId,
  { serviceKey, ref, stage }: RunRecord,
  { store, bus, clock }: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<void> {
  // A loop of probes may outlive its stage; it must not have anything written for it any more.
  if (await store.get(documentIn(decisions, decisionIdOf(runId, stage)))) return;
  for (let n = 1; n <= maxTagEffects; n++) {
    const effectId = effectIdOf(runId, stage, n === 1 ? 'tag' : `tag-${n}`);
    const effect = newEffect({ runId, serviceKey, ref, stage, kind: 'tag' }, clock.now());
    const effectRef = documentIn(outbox, effectId);
    const isNew = await createOnce(store, effectRef, effect);
    // Done before, and somebody has removed the tag since.
    if (!isNew && (await store.get(effectRef))?.data.state !== 'open') continue;
    return bus.publish('route-traffic', { effectId });
  }
}
