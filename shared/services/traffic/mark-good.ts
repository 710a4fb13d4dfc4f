import { documentIn } from '../../contracts/document.ts';
import type { RunRecord } from '../../contracts/records.ts';
import { decisions, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import { decisionIdOf, type EffectId, type RevisionName, type ServiceKey } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { withGood } from '../../domain/records/good-revisions.ts';
import { planMarks } from '../../domain/traffic/plan-traffic.ts';
import { reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { update } from '../../ports/store.ts';
import { loadRunOf } from '../records/load-effect.ts';
import { lastRunOf } from '../runs/next-attempt.ts';
import type { EffectEnd } from './effect-end.ts';
import { writeTraffic } from './write-traffic.ts';

const maxTries = 10;

/** Records a revision as good, and leaves the newest good one's name and tag on the service. */
export async function markGood(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const newest = await insertGood(effect.serviceKey, run, effect, ports);
  if (newest === undefined) {
    const text = `${run.candidate.revision} is being judged anew, or was since`;
    return { state: 'skipped', outcome: reason('not-recorded', text) };
  }
  const revision = await ports.run.getRevision(effect.ref, newest);
  const tagged = config.rollback.standingTag && revision !== undefined && revision.minInstances === 0;
  const result = await writeTraffic(effectId, async (service) => planMarks(service, newest, tagged), ports);
  if (result.kind === 'unwritten' && result.state === 'stopped') return result;
  return { state: 'done', outcome: reason('recorded-good', `${run.candidate.revision} is recorded as good`) };
}

/** @returns the newest good revision, another one when a newer was recorded first; undefined: this one is not good */
async function insertGood(
  serviceKey: ServiceKey,
  run: RunRecord,
  effect: RunEffect,
  { store, clock }: Ports,
): Promise<RevisionName | undefined> {
  const ref = documentIn(services, serviceKey);
  const decision = await store.get(documentIn(decisions, decisionIdOf(effect.runId, effect.stage)));
  return retryOnConflict(maxTries, async () => {
    const service = await store.get(ref);
    if (!service) throw new PermanentError(`service ${run.ref.service} is not in the store`);
    const [newest] = service.data.lastGood;
    if (newest && service.data.lastGood.some((good) => good.runId === effect.runId)) return newest.revision;
    // A later attempt finds out better: it is the one to say so, and it changes the service's record when it begins.
    const last = await lastRunOf(store, run.ref, run.candidate.revision);
    if (last && last.data.attempt > run.attempt) return undefined;
    const lastGood = withGood(service.data.lastGood, {
      ...run.candidate,
      runId: effect.runId,
      at: clock.now(),
      short: decision?.data.short ?? true,
    });
    await store.commit([update(ref, service, { lastGood })]);
    return lastGood[0]?.revision ?? run.candidate.revision;
  });
}
