import { documentIn } from '../../contracts/document.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import type { RunRecord } from '../../contracts/records.ts';
import { decisions, runs, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import { describeRefusal } from '../../domain/health/tag-refusal.ts';
import {
  decisionIdOf,
  type EffectId,
  type RevisionName,
  runIdOf,
  type ServiceKey,
} from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { withGood } from '../../domain/records/good-revisions.ts';
import type { TagRefusal } from '../../domain/records/service-record.ts';
import { orderOf } from '../../domain/revision.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { planMarks, type TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { update, type Write } from '../../ports/store.ts';
import { type TagUse, tryTag } from '../health/tag-refusals.ts';
import { loadRunOf } from '../records/load-effect.ts';
import type { EffectEnd } from './effect-end.ts';
import { writeTraffic } from './write-traffic.ts';

const maxTries = 10;

/** Records a revision as good, and writes the newest good one's name and tag to the service. */
export async function markGood(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  if (!(await insertGood(effect.serviceKey, run, effect, ports))) {
    const text = `a later attempt on ${run.candidate.revision} has begun`;
    return { state: 'skipped', outcome: reason('not-recorded', text) };
  }
  let tagged: RevisionName | undefined;
  let noted: TagRefusal | undefined;
  const plan = async (service: ServiceState): Promise<TrafficPlan> => {
    // Read again: the newest may have been judged bad meanwhile.
    const known = await ports.store.get(documentIn(services, effect.serviceKey));
    const newest = known?.data.lastGood[0]?.revision;
    const revision = newest && (await ports.run.getRevision(effect.ref, newest));
    if (!revision)
      return { kind: 'skip', reason: reason('not-recorded', 'no revision is recorded as good any more') };
    const hasTag = config.rollback.standingTag && hasTagUrls(config) && revision.minInstances === 0;
    tagged = hasTag ? revision.name : undefined;
    noted = known?.data.tagRefusal;
    return planMarks(service, orderOf(revision), hasTag);
  };
  const result = await writeTraffic(effectId, plan, ports);
  if (result.kind === 'unwritten' && result.state === 'stopped') return result;
  const since = result.kind === 'unwritten' ? result.since : undefined;
  // A run that records an older revision says nothing of the newest one's tag.
  const isNewest = tagged === run.candidate.revision;
  const use: TagUse = isNewest ? await tryTag(run, config, ports) : { kind: 'unknown' };
  const text = `${run.candidate.revision} is recorded as good`;
  const note = use.kind === 'refused' ? `; ${describeRefusal(use.refusal)}` : '';
  const isNews = use.kind === 'refused' || (use.kind === 'answers' && noted !== undefined);
  return {
    state: 'done',
    outcome: reason('recorded-good', `${text}${note}`),
    since,
    ...(isNews && { also: () => planTagNote(effect.serviceKey, use, ports) }),
  };
}

/** The service remembers whether tag URLs are of use. */
async function planTagNote(serviceKey: ServiceKey, use: TagUse, { store }: Ports): Promise<Write[]> {
  const ref = documentIn(services, serviceKey);
  const known = await store.get(ref);
  return known ? [update(ref, known, { tagRefusal: use.kind === 'refused' ? use.refusal : undefined })] : [];
}

/** @returns false: this run must not record it as good */
async function insertGood(
  serviceKey: ServiceKey,
  run: RunRecord,
  effect: RunEffect,
  { store, clock }: Ports,
): Promise<boolean> {
  const ref = documentIn(services, serviceKey);
  const decision = await store.get(documentIn(decisions, decisionIdOf(effect.runId, effect.stage)));
  return retryOnConflict(maxTries, async () => {
    const service = await store.get(ref);
    if (!service) throw new PermanentError(`service ${run.ref.service} is not in the store`);
    if (service.data.lastGood.some((good) => good.runId === effect.runId)) return true;
    // A later attempt has newer evidence, and alone may record it; it changes the service's record when it begins.
    const next = runIdOf(run.ref, run.candidate.revision, run.attempt + 1);
    if (await store.get(documentIn(runs, next))) return false;
    const lastGood = withGood(service.data.lastGood, {
      ...run.candidate,
      runId: effect.runId,
      at: clock.now(),
      short: decision?.data.short ?? true,
    });
    await store.commit([update(ref, service, { lastGood })]);
    return true;
  });
}
