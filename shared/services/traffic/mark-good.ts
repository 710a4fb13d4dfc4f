import { documentIn } from '../../contracts/document.ts';
import {
  decisions,
  maxLastGood,
  type RunRecord,
  type ServiceRecord,
  services,
} from '../../contracts/records.ts';
import { PermanentError, WriteConflictError } from '../../domain/errors.ts';
import { decisionIdOf, type EffectId, type RevisionName, type ServiceKey } from '../../domain/ids.ts';
import { lastGoodAnnotation, planTags, planUntag, sameTraffic } from '../../domain/traffic/plan-traffic.ts';
import { compareRevisions } from '../../domain/traffic/revision.ts';
import type { ServiceState } from '../../domain/traffic/traffic.ts';
import { trafficTags } from '../../domain/traffic/traffic-tags.ts';
import { reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update } from '../../ports/store.ts';
import { lastRunOf } from '../runs/next-attempt.ts';
import type { EffectEnd } from './effect-end.ts';
import { loadRunOf, type RunEffect } from './run-effect.ts';
import { type TrafficPlan, writeTraffic } from './write-traffic.ts';

const maxTries = 10;

/** Records a revision as good, and leaves the newest good one's name and tag on the service. */
export async function markGood(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const newest = await insertGood(effect.serviceKey, run, effect, ports);
  if (newest === undefined) {
    const text = `${run.candidate.revision} has failed since`;
    return { state: 'skipped', outcome: { code: 'judged-bad', text } };
  }
  const revision = await ports.run.getRevision(effect.ref, newest);
  const tagged = config.rollback.standingTag && revision !== undefined && revision.minInstances === 0;
  const result = await writeTraffic(
    effectId,
    effect,
    async (service) => plan(service, newest, tagged),
    ports,
  );
  const outcome = reason('recorded-good', `${run.candidate.revision} is recorded as good`);
  return {
    state: result.kind === 'stopped' ? 'stopped' : 'done',
    outcome: result.kind === 'stopped' ? result.reason : outcome,
  };
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
  for (let tries = 1; ; tries++) {
    const service = await store.get(ref);
    if (!service) throw new PermanentError(`service ${run.ref.service} is not in the store`);
    // A later attempt may have found out better, while this effect was held up.
    const last = await lastRunOf(store, run.ref, run.candidate.revision);
    if (last?.verdict === 'fail') return undefined;
    const lastGood = withGood(service.data.lastGood, {
      ...run.candidate,
      runId: effect.runId,
      at: clock.now(),
      short: decision?.data.short ?? true,
    });
    try {
      await store.commit([update(ref, service, { lastGood })]);
      return lastGood[0]?.revision ?? run.candidate.revision;
    } catch (error) {
      if (!(error instanceof WriteConflictError) || tries === maxTries) throw error;
    }
  }
}

type Good = ServiceRecord['lastGood'][number];

/** Newest first by Cloud Run's order, never by arrival; one entry for each revision. */
function withGood(known: readonly Good[], good: Good): Good[] {
  const others = known.filter((entry) => entry.revision !== good.revision);
  return [good, ...others].sort((a, b) => compareRevisions(b, a)).slice(0, maxLastGood);
}

function plan(service: ServiceState, newest: RevisionName, tagged: boolean): TrafficPlan {
  const { standing } = trafficTags(service.ref.service);
  const traffic = tagged
    ? planTags(service, new Map([[standing, newest]]))
    : planUntag(service, (tag) => tag === standing);
  if (service.annotations[lastGoodAnnotation] === newest && sameTraffic(traffic, service.traffic)) {
    return {
      kind: 'skip',
      reason: { code: 'unchanged', text: `${newest} already carries its annotation and tag` },
    };
  }
  return {
    kind: 'write',
    traffic,
    annotations: { [lastGoodAnnotation]: newest },
    why: `${newest} is verified good`,
  };
}
