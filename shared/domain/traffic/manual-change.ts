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

/** What a person wanted was about the traffic of that moment: LATEST is the revision that it meant then. */
export function refuseOutdated(
  { seen, seenLatest }: Pick<EffectRequest, 'seen' | 'seenLatest'>,
  service: ServiceState,
): Reason | undefined {
  const now = askedSplit(service);
  if (!seen || sameSplit(specSplit(seen, seenLatest ?? service.latestReadyRevision), now)) return undefined;
  const text = `traffic has changed since the request: it is now ${formatSplit(now)}`;
  return { code: 'traffic-changed', text };
}

/** Whether traffic was a share of the run's canary: that is nothing to go back to. */
export function isCanarySplit(
  before: readonly TrafficTarget[],
  { expectedTraffic, candidate }: Run,
): boolean {
  const split = specSplit(before, undefined);
  const ours = expectedTraffic !== undefined && sameSplit(specSplit(expectedTraffic, undefined), split);
  return ours && shareOf(split, candidate.revision) < 100;
}

/** What a person went back from is no way back for the guard. */
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

/** A rollback is ours to release with the next good deploy; what a person pins stays until a person unpins it. */
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
