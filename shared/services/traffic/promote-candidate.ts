import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { stageTimeoutMs } from '../../contracts/policies.ts';
import { type RunRecord, runs, services } from '../../contracts/records.ts';
import type { EffectId } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { enterStage } from '../../domain/runs/next-run.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import { stepOf, stepStage } from '../../domain/stages.ts';
import { decidePromotion, isGivenUp, percentOf } from '../../domain/traffic/decide-promotion.ts';
import { keptPin } from '../../domain/traffic/plan-pin.ts';
import type { TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { reachDecision } from '../runs/reach-decision.ts';
import { planAbort } from './abort-canary.ts';
import type { EffectEnd } from './effect-end.ts';
import { loadRecordsOf, loadRunOf } from './run-effect.ts';
import { type WriteResult, writeTraffic } from './write-traffic.ts';

/**
 * Gives the candidate of a run its traffic: all of it, its place in what the user had before our rollback, or the next
 * share of a canary. As with a rollback, everything is read and decided again at the moment of the write.
 */
export async function promoteCandidate(
  effectId: EffectId,
  effect: RunEffect,
  ports: Ports,
): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const result = await writeTraffic(
    effectId,
    effect,
    (service) => plan(service, effect, run, config, ports),
    ports,
  );
  if (result.kind !== 'written') return endWithout(effect, run, result, ports);
  const share =
    effect.kind === 'promote' ? 'its traffic' : `${percentOf(effect.stage, config)} % of the traffic`;
  return {
    state: 'done',
    outcome: { code: 'promoted', text: `${run.candidate.revision} has ${share}` },
    also: () => planEnd(effect, config, result, ports),
  };
}

/** A canary that may go no further because a newer revision is there gives back what it has. */
async function endWithout(
  effect: RunEffect,
  run: RunRecord,
  result: Exclude<WriteResult, { kind: 'written' }>,
  ports: Ports,
): Promise<EffectEnd> {
  const end: EffectEnd = { state: result.kind, outcome: result.reason };
  if (stepOf(effect.stage) === 0 || !isGivenUp(result.reason)) return end;
  return { ...end, also: () => planAbort(effect, run, result.reason, ports) };
}

async function plan(
  service: ServiceState,
  effect: RunEffect,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<TrafficPlan> {
  const revisions = await ports.run.listRevisions(effect.ref);
  const known = (await ports.store.get(documentIn(services, effect.serviceKey)))?.data;
  const { decision } = await reachDecision(effect.runId, run, ports, { ignorePause: true });
  const facts = { runId: effect.runId, run, service, known, revisions, decision };
  return decidePromotion(facts, effect, config);
}

/** The run goes on to watch what it has done; a pin that has served its purpose is over. */
async function planEnd(
  effect: RunEffect,
  config: ServiceConfig,
  written: { readonly before: readonly TrafficTarget[]; readonly after: readonly TrafficTarget[] },
  ports: Ports,
): Promise<Write[]> {
  const now = ports.clock.now();
  const { run, service } = await loadRecordsOf(effect, ports);
  const runRef = documentIn(runs, effect.runId);
  const serviceRef = documentIn(services, effect.serviceKey);
  const next = effect.kind === 'step' ? stepStage(stepOf(effect.stage) + 1) : 'watch';
  const writes = [
    update(runRef, run, {
      ...enterStage(next, stageTimeoutMs(config, next), now),
      expectedTraffic: [...written.after],
      baseline: run.data.baseline ?? [...written.before],
      shiftedAt: run.data.shiftedAt ?? now,
    }),
  ];
  const { pin } = service.data;
  if (pin?.owner !== 'guard') return writes;
  const promoted = run.data.candidate.revision;
  const kept = effect.kind === 'promote' ? keptPin(pin, promoted, config.mode, written.after) : undefined;
  return [...writes, update(serviceRef, service, { pin: kept })];
}
