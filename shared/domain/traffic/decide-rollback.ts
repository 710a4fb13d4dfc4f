import type { RevisionName } from '../ids.ts';
import type { Run } from '../records/run.ts';
import type { MadeRollback, ServiceRecord } from '../records/service-record.ts';
import { countOf } from '../render/count-of.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import { mostServed, type ServiceState, shareIn, specSplit, type TrafficTarget } from '../service-state.ts';
import { type Reason, reason } from '../verdict.ts';
import {
  chooseRollbackTarget,
  isDenied,
  refuseMigration,
  type TargetPolicy,
} from './choose-rollback-target.ts';
import { planRestore, planRollback } from './plan-traffic.ts';
import { refuseShift, type ShiftFacts } from './refuse-shift.ts';

export interface AllowancePolicy {
  readonly cooldownMs: number;
  readonly perDay: number;
}

export interface RollbackPolicy {
  readonly target: TargetPolicy;
  readonly allowance: AllowancePolicy;
}

type WayBack =
  | { readonly kind: 'planned'; readonly traffic: TrafficTarget[]; readonly target: RevisionName }
  | { readonly kind: 'refused'; readonly reason: Reason };

export type RollbackPlan =
  | (Extract<WayBack, { kind: 'planned' }> & { readonly why: string })
  | Extract<WayBack, { kind: 'refused' }>;

/** Decides whether traffic goes back, and to which revision; the probes of candidate and target follow. */
export function decideRollback(facts: ShiftFacts, policy: RollbackPolicy): RollbackPlan {
  const { run, service, known, revisions, now } = facts;
  const overtaken = refuseShift(facts, 'serving') ?? refuseWithoutTraffic(service, run);
  if (!known || overtaken) return { kind: 'refused', reason: overtaken ?? unknownService };
  // Traffic that the guard itself gave may always be taken back: only a deploy can start a loop of rollbacks.
  const refused = run.baseline
    ? undefined
    : refuseByAllowance(run.candidate.revision, known.rollbacks, now, policy.allowance);
  if (refused) return { kind: 'refused', reason: refused };
  const plan = planWayBack(service, run, known, revisions, policy.target, now);
  if (plan.kind === 'refused') return plan;
  return { ...plan, why: run.reasons.map((reason) => reason.text).join('; ') };
}

/** Decides whether the share of a canary goes back to the previous revisions; no revision is blamed. */
export function decideAbort(facts: ShiftFacts): RollbackPlan {
  const { run, service } = facts;
  const refused = refuseShift(facts, 'serving') ?? refuseWithoutTraffic(service, run);
  const target = run.baseline && mostServed(specSplit(run.baseline, service.latestReadyRevision));
  if (refused || !run.baseline || target === undefined)
    return {
      kind: 'refused',
      reason: refused ?? reason('no-target', 'the guard did not give it its traffic'),
    };
  const why = `the canary of ${run.candidate.revision} is cancelled`;
  return { kind: 'planned', traffic: planRestore(service, run.baseline), target, why };
}

/** Back to the split before the guard gave the candidate a share; otherwise to the newest good revision. */
function planWayBack(
  service: ServiceState,
  run: Run,
  known: ServiceRecord,
  revisions: readonly Revision[],
  policy: TargetPolicy,
  now: Date,
): WayBack {
  const back = planReturn(service, run, known, revisions);
  if (back) return { kind: 'planned', ...back };
  const choice = chooseRollbackTarget(known.lastGood, run.candidate, revisions, now, policy);
  if (choice.kind === 'refused') return choice;
  const traffic = planRollback(service, run.candidate.revision, choice.revision);
  return { kind: 'planned', traffic, target: choice.revision };
}

const unknownService = reason('superseded', 'there are no records of this service');

function refuseWithoutTraffic(service: ServiceState, { candidate }: Run): Reason | undefined {
  if (shareIn(service, candidate.revision) > 0) return undefined;
  return { code: 'no-traffic', text: `${candidate.revision} carries no traffic` };
}

/** The split before the guard gave the candidate its share, if all its revisions are known to be good. */
function planReturn(
  service: ServiceState,
  { baseline, candidate }: Run,
  { lastGood }: ServiceRecord,
  revisions: readonly Revision[],
): Pick<Extract<WayBack, { kind: 'planned' }>, 'traffic' | 'target'> | undefined {
  const parts = (baseline ?? []).filter((entry) => entry.percent > 0);
  const isFit = ({ revision: name }: TrafficTarget) => {
    const revision = revisions.find((known) => known.name === name);
    if (!revision || name === candidate.revision) return false;
    const order = orderOf(revision);
    return (
      revision.readiness.kind === 'ready' &&
      !isDenied(revision) &&
      !refuseMigration(order, candidate, revisions) &&
      lastGood.some(
        (good) =>
          compareRevisions(good, order) === 0 && (!good.movedAway || shareIn(service, good.revision) > 0),
      )
    );
  };
  const target = mostServed(specSplit(parts, undefined));
  if (target === undefined || parts.length === 0 || !parts.every(isFit)) return undefined;
  return { traffic: planRestore(service, parts), target };
}

const dayMs = 86_400_000;

/**
 * The loop breaker: a service with repeated rollbacks needs a human, not another rollback.
 *
 * @param candidate the revision that fails now
 * @param rollbacks the latest automatic ones, newest first
 * @returns why no rollback may be made now; undefined: it may
 */
export function refuseByAllowance(
  candidate: RevisionName,
  rollbacks: readonly Pick<MadeRollback, 'to' | 'at'>[],
  now: Date,
  policy: AllowancePolicy,
): Reason | undefined {
  const ages = rollbacks.map(({ at }) => now.getTime() - at.getTime());
  if (rollbacks[0]?.to === candidate && (ages[0] ?? dayMs) < dayMs)
    return {
      code: 'loop',
      text: `${candidate} is the target of the last rollback: going back further would be a guess`,
    };
  const newest = ages[0];
  if (newest !== undefined && newest < policy.cooldownMs) {
    return { code: 'cooldown', text: `the last automatic rollback was ${Math.round(newest / 1000)} s ago` };
  }
  const today = ages.filter((age) => age < dayMs).length;
  if (today >= policy.perDay)
    return { code: 'per-day', text: `${countOf(today, 'automatic rollback')} within a day` };
  return undefined;
}
