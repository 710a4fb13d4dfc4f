import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { stageTimeoutMs } from '../../contracts/policies.ts';
import { runs, services } from '../../contracts/records.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { enterStage } from '../../domain/runs/next-run.ts';
import { type ServiceState, shareOf, specSplit } from '../../domain/service-state.ts';
import { stepOf, stepStage } from '../../domain/stages.ts';
import { decidePromotion, isGivenUp, percentOf } from '../../domain/traffic/decide-promotion.ts';
import { pinAfterGain } from '../../domain/traffic/plan-pin.ts';
import type { PinAfter, TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { refuseUnfit } from '../health/ask-again.ts';
import { eventOfRun, eventWrites } from '../notices/write-notices.ts';
import { loadRecordsOf, loadRunOf, loadShiftFacts } from '../records/load-effect.ts';
import { abortCanary, endAborted } from './abort-canary.ts';
import type { EffectEnd } from './effect-end.ts';
import { type Written, writeTraffic } from './write-traffic.ts';

/**
 * Gives the candidate of a run its traffic: all of it, its place in the user's split from before our rollback, or the
 * next share of a canary. As with a rollback, the candidate is probed once more, and every reason against it is read
 * again. A canary that must not continue returns its share.
 */
export async function promoteCandidate(
  effectId: EffectId,
  effect: RunEffect,
  ports: Ports,
): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const { revision } = run.candidate;
  const plan = async (service: ServiceState): Promise<TrafficPlan> => {
    const facts = await loadShiftFacts(service, effect, run, ports);
    const planned = decidePromotion(facts, effect, config);
    if (planned.kind === 'skip') return planned;
    const unfit = await refuseUnfit('candidate', service, revision, config, ports);
    if (unfit) return { kind: 'skip', reason: unfit };
    const pin: PinAfter = ({ after }) =>
      pinAfterGain(effect.kind, facts.known?.pin, revision, config.mode, after);
    return { ...planned, pin };
  };
  const result = await writeTraffic(effectId, plan, ports);
  if (result.kind === 'written' && hasGained(result, revision)) {
    const share =
      effect.kind === 'promote' ? 'its traffic' : `${percentOf(effect.stage, config)} % of the traffic`;
    const outcome = reason('promoted', `${revision} has ${share}`);
    return { state: 'done', outcome, also: () => planEnd(effectId, effect, config, result, ports) };
  }
  // An earlier write of this effect has landed, which returned the canary's share.
  if (result.kind === 'written') return endAborted(run, reason('aborted', result.why));
  const givenUp = stepOf(effect.stage) > 0 && isGivenUp(result.outcome);
  return givenUp ? abortCanary(effectId, effect, result.outcome, ports) : result;
}

function hasGained({ before, after }: Written, candidate: RevisionName): boolean {
  const [had, has] = [before, after].map((traffic) => shareOf(specSplit(traffic, candidate), candidate));
  return (has ?? 0) > (had ?? 0);
}

/** The run continues with watching its revision; a pin that has served its purpose is released. */
async function planEnd(
  effectId: EffectId,
  effect: RunEffect,
  config: ServiceConfig,
  { before, after }: Written,
  ports: Ports,
): Promise<Write[]> {
  const now = ports.clock.now();
  const { run, service } = await loadRecordsOf(effect, ports);
  const promoted = run.data.candidate.revision;
  const next = effect.kind === 'step' ? stepStage(stepOf(effect.stage) + 1) : 'watch';
  const changes = {
    ...enterStage(next, stageTimeoutMs(config, next), now),
    expectedTraffic: [...after],
    // LATEST is restored only if it means the candidate.
    expectedLatest: promoted,
    baseline: run.data.baseline ?? [...before],
    shiftedAt: run.data.shiftedAt ?? now,
  };
  const writes = [update(documentIn(runs, effect.runId), run, changes)];
  const { pin } = service.data;
  const kept = pinAfterGain(effect.kind, pin, promoted, config.mode, after);
  const isReleased = pin !== undefined && kept === undefined;
  const event = { fact: effectId, at: now, runId: effect.runId, target: undefined };
  const why = `${promoted} has its traffic`;
  const told = [
    ...(next === 'watch' ? [{ ...event, kind: 'promoted', why } as const] : []),
    ...(isReleased
      ? [{ ...event, kind: 'pin-released', why: `${why}: the pin has served its purpose` } as const]
      : []),
  ];
  return [
    ...writes,
    ...(kept === pin ? [] : [update(documentIn(services, effect.serviceKey), service, { pin: kept })]),
    ...told.flatMap((one) => eventWrites(eventOfRun(run.data, one), config, run.data.configDigest)),
  ];
}
