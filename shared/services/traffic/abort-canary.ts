import { documentIn } from '../../contracts/document.ts';
import { outbox, type RunRecord, runs, services } from '../../contracts/records.ts';
import { type EffectId, effectIdOf } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { newEffect } from '../../domain/records/effect.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { decideAbort } from '../../domain/traffic/decide-promotion.ts';
import type { TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import type { Reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update, type Write } from '../../ports/store.ts';
import type { EffectEnd } from './effect-end.ts';
import { loadRunOf } from './run-effect.ts';
import { writeTraffic } from './write-traffic.ts';

/** Gives the share of a canary back to those who had it before. Nobody is blamed, and nobody new gets any. */
export async function abortCanary(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run } = await loadRunOf(effect, ports);
  const result = await writeTraffic(effectId, effect, (service) => plan(service, effect, run, ports), ports);
  if (result.kind !== 'written') return { state: result.kind, outcome: result.reason };
  const text = `the traffic of ${run.candidate.revision} is back on the previous revisions`;
  return {
    state: 'done',
    outcome: { code: 'aborted', text },
    also: () => planClose(effect, { code: 'aborted', text }, ports),
  };
}

async function plan(
  service: ServiceState,
  effect: RunEffect,
  run: RunRecord,
  { store, run: cloudRun }: Ports,
): Promise<TrafficPlan> {
  const revisions = await cloudRun.listRevisions(effect.ref);
  const known = (await store.get(documentIn(services, effect.serviceKey)))?.data;
  return decideAbort({ runId: effect.runId, run, service, known, revisions });
}

/** Ends a run whose step was refused by having its share given back. */
export async function planAbort(
  { runId, serviceKey, ref, stage }: RunEffect,
  run: RunRecord,
  reason: Reason,
  { store, clock }: Ports,
): Promise<Write[]> {
  const now = clock.now();
  const runRef = documentIn(runs, runId);
  const stored = await store.get(runRef);
  const effectRef = documentIn(outbox, effectIdOf(runId, stage, 'abort'));
  if (!stored || stored.data.state === 'closed' || (await store.get(effectRef))) return [];
  return [
    update(runRef, stored, { verdict: run.verdict ?? 'superseded', reasons: [reason], action: 'abort' }),
    create(effectRef, newEffect({ runId, serviceKey, ref, stage, kind: 'abort' }, now)),
  ];
}

async function planClose({ runId }: RunEffect, outcome: Reason, { store, clock }: Ports): Promise<Write[]> {
  const ref = documentIn(runs, runId);
  const run = await store.get(ref);
  if (!run || run.data.state === 'closed') return [];
  return [
    update(ref, run, {
      state: 'closed',
      closedAt: clock.now(),
      dueAt: undefined,
      stageDeadlineAt: undefined,
      outcome,
    }),
  ];
}
