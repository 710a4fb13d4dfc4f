import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { allowancePolicyOf, stageTimeoutMs, targetPolicyOf } from '../../contracts/policies.ts';
import { type RunRecord, runs, type ServiceRecord, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import { type EffectId, type RevisionName, runIdOf } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { maxRollbacks } from '../../domain/records/service-record.ts';
import { orderOf } from '../../domain/revision.ts';
import { enterStage } from '../../domain/runs/next-run.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { decideRollback } from '../../domain/traffic/decide-rollback.ts';
import { pinAfterRollback } from '../../domain/traffic/plan-pin.ts';
import { lastGoodMark, type TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { isFault, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { trafficCommand } from '../../wording/traffic-command.ts';
import { hasRecovered, refuseUnfit } from '../health/ask-again.ts';
import { eventOfRun, eventWrites } from '../notices/write-notices.ts';
import { loadRecordsOf, loadRunOf, loadShiftFacts } from '../records/load-effect.ts';
import { abortCanary } from './abort-canary.ts';
import { awaitServing } from './await-serving.ts';
import type { EffectEnd } from './effect-end.ts';
import { type Written, writeTraffic } from './write-traffic.ts';

/**
 * Moves the failing revision's traffic to the last verified-good one. The decision is executed only if nothing forbids
 * it at the moment of the write; neither the message nor the time since the decision proves anything.
 */
export async function rollBack(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const result = await writeTraffic(
    effectId,
    (service) => plan(effectId, service, effect, run, config, ports),
    ports,
  );
  if (result.kind !== 'written') {
    // An abort withdraws the verdict, but the share that the guard gave still goes back.
    const isCanary = result.outcome.code === 'aborted' && run.baseline !== undefined;
    return isCanary ? abortCanary(effectId, effect, result.outcome, ports) : result;
  }
  const { target } = result;
  if (target === undefined) throw new PermanentError(`the intent of ${effectId} names no target`);
  const readBack = await awaitServing(effect.ref, result.after, ports);
  const outcome = readBack
    ? reason('rolled-back', `traffic is back on ${target}`)
    : reason('accepted', `traffic to ${target} was accepted, but has not moved yet`);
  return { state: 'done', outcome, also: () => planEnd(effectId, effect, config, target, result, ports) };
}

async function plan(
  effectId: EffectId,
  service: ServiceState,
  effect: RunEffect,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<TrafficPlan> {
  const facts = await loadShiftFacts(service, effect, run, ports);
  const policy = { target: targetPolicyOf(config), allowance: allowancePolicyOf(config) };
  const plan = decideRollback(facts, policy);
  if (plan.kind === 'refused') return { kind: 'skip', reason: plan.reason };
  const { traffic, target, why } = plan;
  const { revision } = run.candidate;
  const good = facts.revisions.find(({ name }) => name === target);
  const [unfit, recovered] = await Promise.all([
    refuseUnfit('target', service, target, config, ports),
    // Users' errors and failed checks do not show in a probe.
    run.reasons.some(({ code }) => isFault(code)) &&
      hasRecovered(
        service,
        revision,
        (await goodAnswersWanted(run, ports)) * config.health.successes,
        config,
        ports,
      ),
  ]);
  if (recovered)
    return {
      kind: 'skip',
      reason: reason('recovered', `${revision} answers well again: it keeps its traffic`),
    };
  if (unfit) return { kind: 'skip', reason: unfit };
  return {
    kind: 'write',
    traffic,
    ...(good && { annotations: lastGoodMark(orderOf(good)) }),
    why,
    target,
    pin: (written) => pinOf(effectId, { ...written, target }, run, config, facts.known),
  };
}

/**
 * A revision that failed again after a recovery must respond well for longer. @returns a multiple of the responses that
 * make it healthy
 */
async function goodAnswersWanted({ ref, candidate, attempt }: RunRecord, { store }: Ports): Promise<number> {
  if (attempt === 1) return 1;
  const previous = await store.get(documentIn(runs, runIdOf(ref, candidate.revision, attempt - 1)));
  return previous?.data.outcome?.code === 'recovered' ? 3 : 1;
}

/** The pin after the rollback of a run's candidate. @param known the service's record, with its pin until now */
function pinOf(
  effectId: EffectId,
  { at, ...written }: Pick<Written, 'before' | 'after' | 'at'> & { readonly target: RevisionName },
  { candidate, baseline }: RunRecord,
  { mode }: ServiceConfig,
  known: ServiceRecord | undefined,
): ServiceRecord['pin'] {
  const returned = baseline !== undefined && mode !== 'guard';
  const rolledBack = { ...written, bad: candidate.revision };
  return pinAfterRollback(effectId, known?.pin, rolledBack, returned, at);
}

/** The run continues with its re-verification; the service's record gets the pin and counts the rollback. */
async function planEnd(
  effectId: EffectId,
  effect: RunEffect,
  config: ServiceConfig,
  target: RevisionName,
  { before, after, at }: Written,
  ports: Ports,
): Promise<Write[]> {
  const now = ports.clock.now();
  const { run, service } = await loadRecordsOf(effect, ports);
  const bad = run.data.candidate.revision;
  const pin = pinOf(effectId, { before, after, target, at }, run.data, config, service.data);
  const rollbacks = [{ from: bad, to: target, at }, ...service.data.rollbacks].slice(0, maxRollbacks);
  const stage = enterStage('reverify', stageTimeoutMs(config, 'reverify'), now);
  return [
    update(documentIn(runs, effect.runId), run, { ...stage, target, expectedTraffic: [...after] }),
    update(documentIn(services, effect.serviceKey), service, { pin, rollbacks }),
    ...eventWrites(
      eventOfRun(run.data, {
        fact: effectId,
        kind: 'rolled-back',
        at: now,
        runId: effect.runId,
        target,
        undo: trafficCommand(effect.ref, before),
        why: run.data.reasons.map(({ text }) => text).join('; '),
      }),
      config,
      run.data.configDigest,
    ),
  ];
}
