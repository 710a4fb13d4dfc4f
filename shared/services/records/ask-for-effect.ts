import { documentIn } from '../../contracts/document.ts';
import { decisions, outbox, type RunRecord } from '../../contracts/records.ts';
import { decisionIdOf, effectIdOf, type RunId } from '../../domain/ids.ts';
import { newEffect, type RunEffect } from '../../domain/records/effect.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';

/** How often a stage asks for the same effect: people may undo it, and a freeze may have kept it from being done. */
const maxEffects = 3;

/**
 * Has an effect done that no decision asks for, and again where it has ended before.
 * @returns false: it has been asked for often enough, or what it gave back once is somebody else's doing since
 */
export async function askForEffect(
  of: Pick<RunEffect, 'runId' | 'serviceKey' | 'ref' | 'stage' | 'kind'>,
  { store, bus, clock }: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<boolean> {
  for (let n = 1; n <= maxEffects; n++) {
    const effectId = effectIdOf(of.runId, of.stage, n === 1 ? of.kind : `${of.kind}-${n}`);
    const ref = documentIn(outbox, effectId);
    const isNew = await createOnce(store, ref, newEffect(of, clock.now()));
    const state = isNew ? 'open' : (await store.get(ref))?.data.state;
    if (state === 'done' && of.kind === 'abort') return false;
    if (state !== 'open') continue;
    await bus.publish('route-traffic', { effectId });
    return true;
  }
  return false;
}

/**
 * Has the tags added that a run's candidate and stable revision need to be reached. The registration may have written
 * the effect, and its message may have been lost; or traffic was split since.
 */
export async function askForTag(
  runId: RunId,
  { serviceKey, ref, stage }: RunRecord,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<void> {
  // A loop of probes may outlive its stage; it must not have anything written for it any more.
  if (await ports.store.get(documentIn(decisions, decisionIdOf(runId, stage)))) return;
  await askForEffect({ runId, serviceKey, ref, stage, kind: 'tag' }, ports);
}
