import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { allowancePolicyOf, targetPolicyOf } from '../../contracts/policies.ts';
import { maxRollbacks, type RunRecord, runs, type ServiceRecord, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { EffectId, RevisionName } from '../../domain/ids.ts';
import { chooseRollbackTarget, isDenied } from '../../domain/traffic/choose-rollback-target.ts';
import { lastGoodAnnotation, planRestore, planRollback } from '../../domain/traffic/plan-traffic.ts';
import type { Revision } from '../../domain/traffic/revision.ts';
import { refuseByAllowance } from '../../domain/traffic/rollback-allowance.ts';
import {
  mostServed,
  type ServiceState,
  sameSplit,
  shareIn,
  specSplit,
  type TrafficTarget,
} from '../../domain/traffic/traffic.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { update, type Write } from '../../ports/store.ts';
import { probeTarget } from '../health/probe-target.ts';
import { enterStage } from '../records/enter-stage.ts';
import { reachDecision } from '../runs/reach-decision.ts';
import { awaitServing } from './await-serving.ts';
import type { EffectEnd } from './effect-end.ts';
import { refuseShift } from './refuse-shift.ts';
import { loadRecordsOf, loadRunOf, type RunEffect } from './run-effect.ts';
import { type TrafficPlan, writeTraffic } from './write-traffic.ts';

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
  const now = ports.clock.now();
  const overtaken =
    refuseShift({ runId: effect.runId, run, service, known, revisions }, 'serving') ??
    refuseWithoutTraffic(service, run);
  if (!known || overtaken) return { kind: 'skip', reason: overtaken ?? unknownService };
  if (decision?.action !== 'rollback') {
    const reason = decision?.reasons[0] ?? {
      code: 'undecided',
      text: 'the stored facts no longer call for a rollback',
    };
    return { kind: 'skip', reason };
  }
  // What the guard itself gave it may always be taken back: only a deploy begins such a round.
  const { revision } = run.candidate;
  const refused = run.baseline
    ? undefined
    : refuseByAllowance(revision, known.rollbacks, now, allowancePolicyOf(config));
  if (refused) return { kind: 'skip', reason: refused };
  const plan = planWayBack(service, run, known, revisions, config, now);
  if (plan.kind === 'refused') return { kind: 'skip', reason: plan.reason };
  const unfit = await probeTarget(service, plan.target, config, ports);
  // What serves users already was given its share before: here it only has no URL of its own.
  const serves = unfit?.code === 'target-unreachable' && shareIn(service, plan.target) > 0;
  if (unfit && !serves) return { kind: 'skip', reason: unfit };
  return {
    kind: 'write',
    traffic: plan.traffic,
    annotations: { [lastGoodAnnotation]: plan.target },
    why: decision.reasons.map((reason) => reason.text).join('; '),
    target: plan.target,
  };
}

type RollbackPlan =
  | { readonly kind: 'planned'; readonly traffic: TrafficTarget[]; readonly target: RevisionName }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** Back to the split from which the guard itself took the candidate's share; else onto the newest good revision. */
function planWayBack(
  service: ServiceState,
  run: RunRecord,
  known: ServiceRecord,
  revisions: readonly Revision[],
  config: ServiceConfig,
  now: Date,
): RollbackPlan {
  const back = planReturn(service, run, known, revisions);
  if (back) return { kind: 'planned', ...back };
  const choice = chooseRollbackTarget(known.lastGood, run.candidate, revisions, now, targetPolicyOf(config));
  if (choice.kind === 'refused') return choice;
  const traffic = planRollback(service, run.candidate.revision, choice.revision);
  return { kind: 'planned', traffic, target: choice.revision };
}

const unknownService: Reason = { code: 'superseded', text: 'there are no records of this service' };

function refuseWithoutTraffic(service: ServiceState, { candidate }: RunRecord): Reason | undefined {
  if (shareIn(service, candidate.revision) > 0) return undefined;
  return { code: 'no-traffic', text: `${candidate.revision} carries no traffic` };
}

/** Where the guard itself gave the candidate its share, the split of before, if all its parts are known to be good. */
function planReturn(
  service: ServiceState,
  { baseline, candidate }: RunRecord,
  { lastGood }: ServiceRecord,
  revisions: readonly Revision[],
): { readonly traffic: TrafficTarget[]; readonly target: RevisionName } | undefined {
  const parts = (baseline ?? []).filter((entry) => entry.percent > 0);
  const isFit = ({ revision }: TrafficTarget) =>
    revision !== candidate.revision &&
    lastGood.some(
      (good) => good.revision === revision && (!good.movedAway || shareIn(service, good.revision) > 0),
    ) &&
    revisions.some(
      (known) => known.name === revision && known.readiness.kind === 'ready' && !isDenied(known),
    );
  const target = mostServed(specSplit(parts, undefined));
  if (target === undefined || parts.length === 0 || !parts.every(isFit)) return undefined;
  return { traffic: planRestore(service, parts), target };
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
  const ownPin: ServiceRecord['pin'] = {
    owner: 'guard',
    effectId,
    target,
    bad,
    before: requestedTraffic(service.data.pin, written.before),
    after: [...written.after],
    at: now,
  };
  // Where the guard gave the share, the user has again what he had: nothing is fixed that was not.
  const pin = run.data.baseline && config.mode !== 'guard' ? service.data.pin : ownPin;
  const rollbacks = [{ from: bad, to: target, at: now }, ...service.data.rollbacks].slice(0, maxRollbacks);
  return [
    update(runRef, run, {
      ...enterStage('reverify', config, now),
      target,
      expectedTraffic: [...written.after],
    }),
    update(serviceRef, service, { pin, rollbacks }),
  ];
}

/** What the user had: not what an earlier pin of ours had made of it. */
function requestedTraffic(
  pin: ServiceRecord['pin'],
  before: readonly TrafficTarget[],
): NonNullable<ServiceRecord['pin']>['before'] {
  const ours =
    pin?.owner === 'guard' && sameSplit(specSplit(pin.after, undefined), specSplit(before, undefined));
  return ours ? pin.before : [...before];
}
