import type { EffectId } from '../ids.ts';
import type { EffectRequest } from '../records/effect.ts';
import type { Run } from '../records/run.ts';
import type { Pin, ServiceRecord } from '../records/service-record.ts';
import { compareRevisions } from '../revision.ts';
import {
  askedSplit,
  formatSplit,
  mostServed,
  type ServiceState,
  sameSplit,
  shareOf,
  specSplit,
  type TrafficTarget,
} from '../service-state.ts';
import type { Mode } from '../stages.ts';
import type { Reason } from '../verdict.ts';
import type { ManualKind } from './plan-manual.ts';
import { pinAfterPromotion } from './plan-pin.ts';
import type { WrittenTraffic } from './plan-traffic.ts';

/** A manual request is about the traffic at its time: LATEST means the revision that it meant then. */
export function refuseOutdated(
  { seen, seenLatest }: Pick<EffectRequest, 'seen' | 'seenLatest'>,
  service: ServiceState,
): Reason | undefined {
  const now = askedSplit(service);
  if (!seen || sameSplit(specSplit(seen, seenLatest ?? service.latestReadyRevision), now)) return undefined;
  const text = `traffic has changed since the request: it is now ${formatSplit(now)}`;
  return { code: 'traffic-changed', text };
}

/** Whether traffic was a share of the run's canary: a split that must not be restored. */
export function isCanarySplit(
  before: readonly TrafficTarget[],
  { expectedTraffic, candidate }: Run,
): boolean {
  const split = specSplit(before, undefined);
  const ours = expectedTraffic !== undefined && sameSplit(specSplit(expectedTraffic, undefined), split);
  return ours && shareOf(split, candidate.revision) < 100;
}

/** After a manual rollback, the guard must not roll back to the revisions that the person moved users away from. */
export function goodAfterManual(
  kind: ManualKind,
  { lastGood }: Pick<ServiceRecord, 'lastGood'>,
  { target, after }: Pick<WrittenTraffic, 'target' | 'after'>,
): ServiceRecord['lastGood'] {
  const chosen = lastGood.find((good) => good.revision === target);
  if (kind !== 'rollback' || !chosen) return lastGood;
  const split = specSplit(after, undefined);
  return lastGood.map((good) =>
    compareRevisions(good, chosen) > 0 && shareOf(split, good.revision) === 0
      ? { ...good, movedAway: true }
      : good,
  );
}

/**
 * The pin after a manual change. The next good deploy releases the pin of a rollback; `unpin` alone releases that of
 * `pin`.
 */
export function pinAfterManual(
  effectId: EffectId,
  kind: ManualKind,
  { before, after, target }: WrittenTraffic,
  pin: Pin | undefined,
  mode: Mode,
  at: Date,
): Pin | undefined {
  if (target === undefined || kind === 'unpin') return undefined;
  const holds = pin !== undefined && sameSplit(specSplit(pin.after, undefined), specSplit(before, undefined));
  if (kind === 'promote') {
    if (!holds) return undefined;
    return pin.owner === 'human'
      ? { ...pin, target, after: [...after], at }
      : pinAfterPromotion(pin, target, mode, after);
  }
  const lost = mostServed(specSplit(before, undefined));
  return {
    owner: kind === 'pin' ? 'human' : 'guard',
    effectId,
    target,
    bad:
      kind === 'rollback' && lost !== target && before.some((entry) => entry.revision === lost)
        ? lost
        : undefined,
    before: holds ? pin.before : [...before],
    after: [...after],
    at,
  };
}
