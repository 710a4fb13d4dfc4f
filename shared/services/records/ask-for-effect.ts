import { documentIn } from '../../contracts/document.ts';
import { decisions, outbox, type RunRecord } from '../../contracts/records.ts';
import { decisionIdOf, effectIdOf, type RunId } from '../../domain/ids.ts';
import { newEffect, type RunEffect } from '../../domain/records/effect.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';

/** How often a stage may request the same effect: people may revert it, or a freeze may have prevented it. */
const maxEffects = 3;

/**
 * Requests an effect that no decision asks for, again if an earlier one has ended.
 * @returns false: it was requested often enough, or someone else has changed what it had restored
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
 * Requests the tags that a run needs to reach its candidate and stable revision. The registration may have stored the
 * effect while its message was lost; or traffic was split since then.
 */
export async function askForTag(
  runId: RunId,
  { serviceKey, ref, stage }: RunRecord,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<void> {
  // A probe loop may outlive its stage; then it must no longer request effects.
  if (await ports.store.get(documentIn(decisions, decisionIdOf(runId, stage)))) return;
  await askForEffect({ runId, serviceKey, ref, stage, kind: 'tag' }, ports);
}
