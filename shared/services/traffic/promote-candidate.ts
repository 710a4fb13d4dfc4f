import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { stageTimeoutMs } from '../../contracts/policies.ts';
import { outbox, type RunRecord, runs, services } from '../../contracts/records.ts';
import { type EffectId, effectIdOf } from '../../domain/ids.ts';
import { newEffect, type RunEffect } from '../../domain/records/effect.ts';
import { enterStage } from '../../domain/runs/next-run.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { stepOf, stepStage } from '../../domain/stages.ts';
import { decidePromotion, isGivenUp, percentOf } from '../../domain/traffic/decide-promotion.ts';
import { keptPin } from '../../domain/traffic/plan-pin.ts';
import type { TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update, type Write } from '../../ports/store.ts';
import { refuseUnfit } from './ask-again.ts';
import type { EffectEnd } from './effect-end.ts';
import { loadRecordsOf, loadRunOf, loadShiftFacts } from './run-effect.ts';
import { type Unwritten, type Written, writeTraffic } from './write-traffic.ts';

/**
 * Gives the candidate of a run its traffic: all of it, its place in what the user had before our rollback, or the next
 * share of a canary. As with a rollback, the candidate is asked once more, and everything that may speak against it.
 */
export async function promoteCandidate(
  effectId: EffectId,
  effect: RunEffect,
  ports: Ports,
): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const { revision } = run.candidate;
  const plan = async (service: ServiceState): Promise<TrafficPlan> => {
    const planned = decidePromotion(await loadShiftFacts(service, effect, run, ports), effect, config);
    const unfit =
      planned.kind === 'write' && (await refuseUnfit('candidate', service, revision, config, ports));
    return unfit ? { kind: 'skip', reason: unfit } : planned;
  };
  const result = await writeTraffic(effectId, plan, ports);
  if (result.kind !== 'written') return endWithout(effect, run, result, ports);
  const share =
    effect.kind === 'promote' ? 'its traffic' : `${percentOf(effect.stage, config)} % of the traffic`;
  const outcome = reason('promoted', `${revision} has ${share}`);
  return { state: 'done', outcome, also: () => planEnd(effect, config, result, ports) };
}

/** A canary that may go no further gives back what it has, by an effect of its own. */
function endWithout(effect: RunEffect, run: RunRecord, end: Unwritten, ports: Ports): EffectEnd {
  if (stepOf(effect.stage) === 0 || !isGivenUp(end.outcome)) return end;
  return { ...end, also: () => planAbort(effect, run, end.outcome, ports) };
}

async function planAbort(
  { runId, serviceKey, ref, stage }: RunEffect,
  run: RunRecord,
  why: Reason,
  { store, clock }: Ports,
): Promise<Write[]> {
  const runRef = documentIn(runs, runId);
  const stored = await store.get(runRef);
  const effectRef = documentIn(outbox, effectIdOf(runId, stage, 'abort'));
  if (!stored || stored.data.state === 'closed' || (await store.get(effectRef))) return [];
  const verdict = run.verdict ?? (why.code === 'candidate-failing' ? 'inconclusive' : 'superseded');
  return [
    update(runRef, stored, { verdict, reasons: [why], action: 'abort' }),
    create(effectRef, newEffect({ runId, serviceKey, ref, stage, kind: 'abort' }, clock.now())),
  ];
}

/** The run goes on to watch what it has done; a pin that has served its purpose is over. */
async function planEnd(
  effect: RunEffect,
  config: ServiceConfig,
  written: Written,
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
      // LATEST comes back only where it means the candidate.
      expectedLatest: run.data.candidate.revision,
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
