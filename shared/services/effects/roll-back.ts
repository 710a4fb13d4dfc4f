import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { allowancePolicyOf, stageTimeoutMs, targetPolicyOf } from '../../contracts/policies.ts';
import {
  type EffectRecord,
  maxRollbacks,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
} from '../../contracts/records.ts';
import { chooseRollbackTarget } from '../../domain/choose-rollback-target.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import { lastGoodAnnotation, planRollback } from '../../domain/plan-traffic.ts';
import { compareRevisions, orderOf, type Revision } from '../../domain/revision.ts';
import { refuseByAllowance } from '../../domain/rollback-allowance.ts';
import {
  formatSplit,
  percentsChanged,
  type ServiceState,
  shareIn,
  specSplit,
  type TrafficTarget,
} from '../../domain/traffic.ts';
import type { Reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { awaitServing } from '../await-serving.ts';
import { reachDecision } from '../decide-stage.ts';
import { loadServiceConfig } from '../load-config.ts';
import { probeTarget } from '../probe-target.ts';
import { type TrafficPlan, writeTraffic } from '../write-traffic.ts';
import type { EffectEnd } from './effect-end.ts';

/**
 * Moves the failing revision's traffic to the last verified-good one, if that is still the right thing to do at the moment of the
 * write. Everything is read and decided again: the message, the lease and the time since the decision prove nothing.
 */
export async function rollBack(effectId: EffectId, effect: EffectRecord, ports: Ports): Promise<EffectEnd> {
  const run = (await ports.store.get(documentIn(runs, effect.runId)))?.data;
  if (!run) throw new PermanentError(`run ${effect.runId} is not in the store`);
  const config = await loadServiceConfig(ports.store, run.configDigest, run.name);
  const result = await writeTraffic(
    effectId,
    effect,
    (service) => plan(service, effect, run, config, ports),
    ports,
  );
  if (result.kind !== 'written') return { state: result.kind, outcome: result.reason };

  const { target } = result;
  if (target === undefined) throw new PermanentError(`the intent of ${effectId} names no target`);
  const readBack = await awaitServing(effect.ref, result.after, ports);
  const outcome = readBack
    ? { code: 'rolled-back', text: `traffic is back on ${target}` }
    : { code: 'accepted', text: `traffic to ${target} was accepted, but has not been seen to move yet` };
  const also = () => planEnd(effectId, effect, config, target, result, ports);
  return { state: 'done', outcome, also };
}

async function plan(
  service: ServiceState,
  effect: EffectRecord,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<TrafficPlan> {
  const known = (await ports.store.get(documentIn(services, effect.serviceKey)))?.data;
  const revisions = await ports.run.listRevisions(effect.ref);
  const { decision } = await reachDecision(effect.runId, run, ports);
  const now = ports.clock.now();
  if (known?.currentRun?.runId !== effect.runId) {
    return { kind: 'skip', reason: { code: 'superseded', text: 'another run is current for this service' } };
  }
  const overtaken = refuseByTraffic(service, run, revisions);
  if (overtaken) return { kind: 'skip', reason: overtaken };
  if (decision?.action !== 'rollback') {
    const reason = decision?.reasons[0] ?? {
      code: 'undecided',
      text: 'the stored facts no longer ask for a rollback',
    };
    return { kind: 'skip', reason };
  }
  const made = known.rollbacks.map((rollback) => rollback.at);
  const refused = refuseByAllowance(made, now, allowancePolicyOf(config));
  if (refused) return { kind: 'skip', reason: refused };
  const choice = chooseRollbackTarget(known.lastGood, run.candidate, revisions, now, targetPolicyOf(config));
  if (choice.kind === 'refused') return { kind: 'skip', reason: choice.reason };
  const unfit = await probeTarget(service, choice.revision, config, ports);
  if (unfit) return { kind: 'skip', reason: unfit };
  return {
    kind: 'write',
    traffic: planRollback(service, run.candidate.revision, choice.revision),
    annotations: { [lastGoodAnnotation]: choice.revision },
    why: decision.reasons.map((reason) => reason.text).join('; '),
    target: choice.revision,
  };
}

/** Whose traffic it is by now: a newer deploy's, a human's, or nobody's. */
function refuseByTraffic(
  service: ServiceState,
  run: RunRecord,
  revisions: readonly Revision[],
): Reason | undefined {
  // LATEST goes to the newest ready revision, also while the service's own view of it lags behind.
  const byLatest =
    service.traffic.length === 0 ||
    service.traffic.some((entry) => entry.revision === undefined && entry.percent > 0);
  const newer = revisions.find(
    (revision) =>
      compareRevisions(orderOf(revision), run.candidate) > 0 &&
      revision.readiness.kind === 'ready' &&
      (byLatest || shareIn(service, revision.name) > 0),
  );
  if (newer) return { code: 'newer-revision', text: `the newer revision ${newer.name} carries traffic` };
  if (run.expectedTraffic && percentsChanged(run.expectedTraffic, service)) {
    const now = formatSplit(specSplit(service.traffic, service.latestReadyRevision));
    return { code: 'traffic-changed', text: `somebody else changed traffic: it is now ${now}` };
  }
  if (shareIn(service, run.candidate.revision) === 0) {
    return { code: 'no-traffic', text: `${run.candidate.revision} carries no traffic` };
  }
  return undefined;
}

/** The run goes on to its re-verification; the service remembers who fixed its traffic, and how often. */
async function planEnd(
  effectId: EffectId,
  effect: EffectRecord,
  config: ServiceConfig,
  target: RevisionName,
  written: { readonly before: readonly TrafficTarget[]; readonly after: readonly TrafficTarget[] },
  { store, clock }: Ports,
): Promise<Write[]> {
  const now = clock.now();
  const runRef = documentIn(runs, effect.runId);
  const serviceRef = documentIn(services, effect.serviceKey);
  const [run, service] = await Promise.all([store.get(runRef), store.get(serviceRef)]);
  if (!run || !service) throw new PermanentError(`the records of ${effectId} are gone`);
  const bad = run.data.candidate.revision;
  const pin: ServiceRecord['pin'] = { effectId, target, bad, before: [...written.before], at: now };
  const rollbacks = [{ from: bad, to: target, at: now }, ...service.data.rollbacks].slice(0, maxRollbacks);
  return [
    update(runRef, run, {
      stage: 'reverify',
      stageStartedAt: now,
      dueAt: now,
      stageDeadlineAt: new Date(now.getTime() + stageTimeoutMs(config)),
      target,
      expectedTraffic: [...written.after],
    }),
    update(serviceRef, service, { pin, rollbacks }),
  ];
}
