import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, runs, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import { stepOf, stepStage } from '../../domain/stages.ts';
import { planPromotion, planShift } from '../../domain/traffic/plan-traffic.ts';
import type { Revision } from '../../domain/traffic/revision.ts';
import { gainersOf, type ServiceState, shareIn, type TrafficTarget } from '../../domain/traffic/traffic.ts';
import { type Reason, type ReasonCode, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { enterStage } from '../records/enter-stage.ts';
import { reachDecision } from '../runs/reach-decision.ts';
import { planAbort } from './abort.ts';
import type { EffectEnd } from './effect-end.ts';
import { keptPin, ownPin } from './kept-pin.ts';
import { refuseShift } from './refuse-shift.ts';
import { loadRecordsOf, loadRunOf, type RunEffect } from './run-effect.ts';
import { type TrafficPlan, type WriteResult, writeTraffic } from './write-traffic.ts';

/**
 * Gives the candidate of a run its traffic: all of it, its place in what the user had before our rollback, or the next
 * share of a canary. As with a rollback, everything is read and decided again at the moment of the write.
 */
export async function promote(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const result = await writeTraffic(
    effectId,
    effect,
    (service) => plan(service, effect, run, config, ports),
    ports,
  );
  if (result.kind !== 'written') return endWithout(effect, run, result, ports);
  const share = effect.kind === 'promote' ? 'its traffic' : `${percentOf(effect, config)} % of the traffic`;
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
  if (stepOf(effect.stage) === 0 || !givenUp.includes(result.reason.code)) return end;
  return { ...end, also: () => planAbort(effect, run, result.reason, ports) };
}

/** Why a canary that has a share gives it back. */
const givenUp: readonly ReasonCode[] = ['newer-revision', 'aborted', 'superseded'];

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
  const refusal =
    refuseShift({ runId: effect.runId, run, service, known, revisions }, 'ready') ??
    refuseCandidate(service, effect, run, config, revisions);
  if (refusal) return { kind: 'skip', reason: refusal };
  if (decision?.action !== effect.kind) {
    const undecided = reason('undecided', 'the stored facts no longer call for it');
    return { kind: 'skip', reason: decision?.reasons[0] ?? undecided };
  }
  const { revision } = run.candidate;
  if (effect.kind === 'step') {
    const percent = percentOf(effect, config);
    const traffic = planShift(service, run.baseline ?? service.traffic, revision, percent);
    return { kind: 'write', traffic, why: `canary: ${percent} % of the traffic on ${revision}` };
  }
  // Elsewhere deploys come without traffic anyway: nothing is fixed for them.
  const pin = config.mode === 'guard' ? ownPin(service, known) : undefined;
  if (config.mode === 'guard' && !pin)
    return {
      kind: 'skip',
      reason: { code: 'not-pinned', text: "the traffic is not as the guard's rollback left it" },
    };
  const promotion = planPromotion(service, revision, config.mode, pin);
  // What the user had may hold revisions that are gone, or that nobody has verified: then the candidate gets it all.
  const others = gainersOf(service, promotion.traffic).filter((name) => name !== revision);
  const fit =
    promotion.traffic.every((entry) => entry.percent === 0 || isReady(entry.revision, revisions)) &&
    others.every((name) => known?.lastGood.some((good) => good.revision === name && !good.movedAway));
  const { traffic } = fit ? promotion : planPromotion(service, revision, config.mode, undefined);
  return { kind: 'write', traffic, why: `${revision} is healthy` };
}

function isReady(revision: RevisionName | undefined, revisions: readonly Revision[]): boolean {
  if (revision === undefined) return true;
  return revisions.some((known) => known.name === revision && known.readiness.kind === 'ready');
}

/** The candidate is there, and has the share that our last write left it. */
function refuseCandidate(
  service: ServiceState,
  { stage }: RunEffect,
  { candidate }: RunRecord,
  config: ServiceConfig,
  revisions: readonly Revision[],
): Reason | undefined {
  const { revision } = candidate;
  if (!isReady(revision, revisions))
    return { code: 'candidate-not-ready', text: `${revision} is not ready, or no longer exists` };
  if (
    service.traffic.length === 0 ||
    service.traffic.some((entry) => entry.revision === undefined && entry.percent > 0)
  )
    return {
      code: 'follows-latest',
      text: `traffic follows LATEST: deploy with --no-traffic, so that ${revision} can be tested first`,
    };
  const expected = config.steps[stepOf(stage) - 1]?.percent ?? 0;
  const share = shareIn(service, revision);
  if (share === expected) return undefined;
  return { code: 'share-changed', text: `${revision} has ${share} % of the traffic, not ${expected} %` };
}

/** The percent of the step that an effect leads to. */
function percentOf({ stage }: RunEffect, { steps }: ServiceConfig): number {
  const step = steps[stepOf(stage)];
  if (!step) throw new PermanentError(`the canary has no step after ${stage}`);
  return step.percent;
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
      ...enterStage(next, config, now),
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
