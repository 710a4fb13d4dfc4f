import type { EffectId, RevisionName } from '../ids.ts';
import { pinInForce } from '../records/pin-in-force.ts';
import type { Pin, ServiceRecord } from '../records/service-record.ts';
import {
  followsLatest,
  type ServiceState,
  sameSplit,
  seenIn,
  specSplit,
  type TrafficTarget,
} from '../service-state.ts';
import type { EffectKind, Mode } from '../stages.ts';
import type { WrittenTraffic } from './plan-traffic.ts';

/** The guard's own pin; undefined: there is none, or a traffic change has released it. */
export function guardPin(service: ServiceState, known: ServiceRecord | undefined): Pin | undefined {
  const pin = pinInForce(seenIn(service), known);
  return pin?.owner === 'guard' ? pin : undefined;
}

/** The pin after the candidate of a run has gained traffic. @param pin the one before */
export function pinAfterGain(
  kind: EffectKind,
  pin: Pin | undefined,
  promoted: RevisionName,
  mode: Mode,
  after: readonly TrafficTarget[],
): Pin | undefined {
  if (pin?.owner !== 'guard') return pin;
  return kind === 'promote' ? pinAfterPromotion(pin, promoted, mode, after) : undefined;
}

/**
 * The pin after a promotion: usually undefined, which releases it. It stays if the user's traffic followed LATEST but
 * the revision got the traffic by name, since new deploys then still get none.
 */
export function pinAfterPromotion(
  pin: Pin,
  promoted: RevisionName,
  mode: Mode,
  after: readonly TrafficTarget[],
): Pin | undefined {
  const byName = !followsLatest(after);
  return mode === 'guard' && followsLatest(pin.before) && byName
    ? { ...pin, target: promoted, after: [...after] }
    : undefined;
}

/**
 * The pin that a rollback sets.
 * @param returned true: the guard had given the share itself, so the user's own traffic is restored
 */
export function pinAfterRollback(
  effectId: EffectId,
  pin: Pin | undefined,
  rollback: RolledBack,
  returned: boolean,
  at: Date,
): Pin | undefined {
  // A share that the guard had given was taken back: the user's own traffic is restored, and nothing is pinned.
  if (returned) return pin;
  const { target, bad, before, after } = rollback;
  // A person has pinned the traffic after this write.
  const same = pin !== undefined && sameSplit(specSplit(pin.after, undefined), specSplit(after, undefined));
  if (pin?.owner === 'human' && (same || pin.at > at)) return pin;
  return {
    owner: 'guard',
    effectId,
    target,
    bad,
    before: requestedTraffic(pin, before),
    after: [...after],
    at,
  };
}

/** The traffic change of a rollback. */
export interface RolledBack extends WrittenTraffic {
  readonly target: RevisionName;
  /** The revision that lost its traffic. */
  readonly bad: RevisionName;
}

/** The user's own setting, not the traffic that an earlier pin of the guard had written. */
function requestedTraffic(pin: Pin | undefined, before: readonly TrafficTarget[]): readonly TrafficTarget[] {
  const ours =
    pin?.owner === 'guard' && sameSplit(specSplit(pin.after, undefined), specSplit(before, undefined));
  return ours ? pin.before : [...before];
}
