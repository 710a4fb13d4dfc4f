import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { allowancePolicyOf, stageTimeoutMs, targetPolicyOf } from '../../contracts/policies.ts';
import { type RunRecord, runs, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { maxRollbacks } from '../../domain/records/service-record.ts';
import { enterStage } from '../../domain/runs/next-run.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import { shareIn } from '../../domain/service-state.ts';
import { decideRollback } from '../../domain/traffic/decide-rollback.ts';
import { pinOfRollback } from '../../domain/traffic/plan-pin.ts';
import type { TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { lastGoodAnnotation } from '../../domain/traffic/plan-traffic.ts';
import { reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { probeTarget } from '../health/probe-health.ts';
import { reachDecision } from '../runs/reach-decision.ts';
import { awaitServing } from './await-serving.ts';
import type { EffectEnd } from './effect-end.ts';
import { loadRecordsOf, loadRunOf } from './run-effect.ts';
import { writeTraffic } from './write-traffic.ts';

/**
 * Moves the failing revision's traffic to the last verified-good one, if that is still the right thing to do at the
 * moment of the write. Everything is read and decided again: the message, the lease and the time since the decision prove nothing.
 */
export async function rollBack(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
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
    ? reason('rolled-back', `traffic is back on ${target}`)
    : reason('accepted', `traffic to ${target} was accepted, but has not moved yet`);
  const also = () => planEnd(effectId, effect, config, target, result, ports);
  return { state: 'done', outcome, also };
}

async function plan(
  service: ServiceState,
  effect: RunEffect,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<TrafficPlan> {
  const known = (await ports.store.get(documentIn(services, effect.serviceKey)))?.data;
  const revisions = await ports.run.listRevisions(effect.ref);
  const { decision } = await reachDecision(effect.runId, run, ports);
  const policy = { target: targetPolicyOf(config), allowance: allowancePolicyOf(config) };
  const facts = { runId: effect.runId, run, service, known, revisions, decision, now: ports.clock.now() };
  const plan = decideRollback(facts, policy);
  if (plan.kind === 'refused') return { kind: 'skip', reason: plan.reason };
  const unfit = await probeTarget(service, plan.target, config, ports);
  // What serves users already was given its share before: here it only has no URL of its own.
  const serves = unfit?.code === 'target-unreachable' && shareIn(service, plan.target) > 0;
  if (unfit && !serves) return { kind: 'skip', reason: unfit };
  return {
    kind: 'write',
    traffic: plan.traffic,
    annotations: { [lastGoodAnnotation]: plan.target },
    why: plan.why,
    target: plan.target,
  };
}

/** The run goes on to its re-verification; the service remembers who fixed its traffic, and how often. */
async function planEnd(
  effectId: EffectId,
  effect: RunEffect,
  config: ServiceConfig,
  target: RevisionName,
  written: { readonly before: readonly TrafficTarget[]; readonly after: readonly TrafficTarget[] },
  ports: Ports,
): Promise<Write[]> {
  const now = ports.clock.now();
  const { run, service } = await loadRecordsOf(effect, ports);
  const runRef = documentIn(runs, effect.runId);
  const serviceRef = documentIn(services, effect.serviceKey);
  const bad = run.data.candidate.revision;
  const pin = pinOfRollback(
    effectId,
    service.data.pin,
    { ...written, target, bad },
    run.data.baseline !== undefined && config.mode !== 'guard',
    now,
  );
  const rollbacks = [{ from: bad, to: target, at: now }, ...service.data.rollbacks].slice(0, maxRollbacks);
  return [
    update(runRef, run, {
      ...enterStage('reverify', stageTimeoutMs(config, 'reverify'), now),
      target,
      expectedTraffic: [...written.after],
    }),
    update(serviceRef, service, { pin, rollbacks }),
  ];
}
