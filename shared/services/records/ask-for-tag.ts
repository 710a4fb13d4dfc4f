import { documentIn } from '../../contracts/document.ts';
import { decisions, outbox, type RunRecord } from '../../contracts/records.ts';
import { WriteConflictError } from '../../domain/errors.ts';
import { decisionIdOf, effectIdOf, type RunId } from '../../domain/ids.ts';
import { newEffect } from '../../domain/records/effect.ts';
import type { Ports } from '../../ports/ports.ts';
import { create } from '../../ports/store.ts';

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
    try {
      await store.commit([create(documentIn(outbox, effectId), effect)]);
    } catch (error) {
      if (!(error instanceof WriteConflictError)) throw error;
      // Done before, and somebody has removed the tag since.
      const known = await store.get(documentIn(outbox, effectId));
      if (known?.data.state !== 'open') continue;
    }
    return bus.publish('route-traffic', { effectId });
  }
}
