import type { RevisionName } from '../ids.ts';
import type { EffectRequest } from '../records/effect.ts';
import { olderGood } from '../records/good-revisions.ts';
import { pinInForce } from '../records/pin-in-force.ts';
import type { ServiceRecord } from '../records/service-record.ts';
import { compareRevisions, orderOf, type Revision } from '../revision.ts';
import { isRecordedGood } from '../runs/review-standing.ts';
import {
  gainersOf,
  mostServed,
  type ServiceState,
  seenIn,
  servingSplit,
  type TrafficTarget,
} from '../service-state.ts';
import type { Mode } from '../stages.ts';
import type { Reason, ReasonCode, Verdict } from '../verdict.ts';
import { isDenied } from './choose-rollback-target.ts';
import { guardPin } from './plan-pin.ts';
import { planPromotion, planRestore } from './plan-traffic.ts';

/** The manual changes of a service's traffic. */
export const manualKinds = ['rollback', 'promote', 'pin', 'unpin'] as const;
export type ManualKind = (typeof manualKinds)[number];

/** The facts for planning a manual change. */
export interface ManualFacts {
  readonly service: ServiceState;
  readonly known: ServiceRecord | undefined;
  readonly revisions: readonly Revision[];
  readonly mode: Mode;
}

/** The result of a manual request on the current service. */
export type ManualPlan =
  | {
      readonly kind: 'write';
      readonly traffic: TrafficTarget[];
      readonly target: RevisionName | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** The traffic after a manual request; the revisions that gain users are checked separately. */
export function planManual(
  kind: ManualKind,
  request: Pick<EffectRequest, 'revision'>,
  facts: ManualFacts,
): ManualPlan {
  const { service, known } = facts;
  const target = targetOf(kind, request, facts);
  const pinned = pinInForce(seenIn(service), known) !== undefined;
  if (kind === 'unpin' ? !pinned : target === undefined)
    return refused(kind === 'unpin' ? 'not-pinned' : 'no-target', noTarget[kind]);
  return { kind: 'write', traffic: trafficOf(kind, target, facts), target };
}

const noTarget: Readonly<Record<ManualKind, string>> = {
  rollback: 'no revision before the serving one is recorded as good: specify one with --to',
  promote: 'no ready revision is newer than the serving one: specify one with --revision',
  pin: 'the service has no traffic: specify the revision with --to',
  unpin: 'traffic is not pinned, or was moved by someone else since',
};

function targetOf(
  kind: ManualKind,
  { revision }: Pick<EffectRequest, 'revision'>,
  { service, known, revisions }: ManualFacts,
): RevisionName | undefined {
  if (revision !== undefined || kind === 'unpin') return revision;
  const most = servingMost(service);
  const serving = revisions.find((candidate) => candidate.name === most);
  if (kind === 'pin') return most;
  if (!serving) return undefined;
  if (kind === 'rollback') return olderGood(known?.lastGood ?? [], orderOf(serving))?.revision;
  return revisions.find(
    (candidate) =>
      candidate.readiness.kind === 'ready' && compareRevisions(orderOf(candidate), orderOf(serving)) > 0,
  )?.name;
}

function trafficOf(
  kind: ManualKind,
  target: RevisionName | undefined,
  { service, known, mode }: ManualFacts,
): TrafficTarget[] {
  if (target === undefined || kind === 'unpin') return planUnpin(service, known?.pin);
  if (kind === 'promote')
    return planPromotion(service, target, mode, mode === 'guard' ? guardPin(service, known) : undefined)
      .traffic;
  return planAllOn(service, target);
}

/**
 * A revision that gains traffic must exist, be ready and be known to be good; `force` skips only the last.
 * @param judged the verdicts on revisions that are not recorded good
 */
export function refuseGainers(
  { force }: Pick<EffectRequest, 'force'>,
  { service, known, revisions }: ManualFacts,
  traffic: readonly TrafficTarget[],
  judged: ReadonlyMap<RevisionName, Verdict | undefined>,
): Reason | undefined {
  for (const name of gainersOf(service, traffic)) {
    const revision = revisions.find((candidate) => candidate.name === name);
    if (!revision) return { code: 'target-deleted', text: `${name} does not exist` };
    if (revision.readiness.kind !== 'ready')
      return { code: 'target-not-ready', text: `${name} is ${revision.readiness.kind}` };
    if (force) continue;
    if (isDenied(revision))
      return {
        code: 'target-denied',
        text: `${name} carries a label that excludes it from rollbacks: --force skips this check`,
      };
    const verdict = isRecordedGood(revision, known) ? 'pass' : judged.get(name);
    if (verdict !== 'pass')
      return {
        code: 'target-unverified',
        text: `${name} ${verdict ? `was judged ${verdict}` : 'was never validated'}: --force skips the verification requirement`,
      };
  }
  return undefined;
}

/** The traffic before the current pin. */
export interface PinnedTraffic {
  readonly before: readonly TrafficTarget[];
}

/** All traffic on one revision by name; every tag kept. */
export function planAllOn(service: ServiceState, revision: RevisionName): TrafficTarget[] {
  return planRestore(service, [{ revision, percent: 100 }]);
}

/** The traffic before the pin, LATEST included; without a pin, all of it on LATEST. */
export function planUnpin(service: ServiceState, pin: PinnedTraffic | undefined): TrafficTarget[] {
  const had = (pin?.before ?? []).filter((entry) => entry.percent > 0);
  const percents = (had.length > 0 ? had : [{ percent: 100 }]).map(({ revision, percent }) => ({
    revision,
    percent,
  }));
  const tags = service.traffic
    .filter((entry) => entry.tag !== undefined)
    .map((entry) => ({ ...entry, percent: 0 }));
  return [...percents, ...tags];
}

/** The revision with most of the traffic now. */
export function servingMost(service: ServiceState): RevisionName | undefined {
  return mostServed(servingSplit(service));
}

function refused(code: ReasonCode, text: string): ManualPlan {
  return { kind: 'refused', reason: { code, text } };
}
