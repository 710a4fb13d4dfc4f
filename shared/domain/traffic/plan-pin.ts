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
import type { Mode } from '../stages.ts';
import type { WrittenTraffic } from './plan-traffic.ts';

/** Our own pin, as long as the traffic is what we left. */
export function guardPin(service: ServiceState, known: ServiceRecord | undefined): Pin | undefined {
  const pin = pinInForce(seenIn(service), known);
  return pin?.owner === 'guard' ? pin : undefined;
}

/**
 * What is left of our pin once a revision has been promoted: where the user followed LATEST and the revision got the
 * traffic by name, new deploys still get none.
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
 * The pin after a rollback.
 * @param returned true: the guard itself had given the share, and the traffic is what the user had
 */
export function pinAfterRollback(
  effectId: EffectId,
  pin: Pin | undefined,
  rollback: RolledBack,
  returned: boolean,
  at: Date,
): Pin | undefined {
  // Where the guard gave the share, the user has again what he had: nothing is fixed that was not.
  if (returned) return pin;
  const { target, bad, before, after } = rollback;
  // It was pinned by a person since the write was made.
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

/** What a rollback has made of the traffic. */
export interface RolledBack extends WrittenTraffic {
  readonly target: RevisionName;
  /** The revision that lost its traffic. */
  readonly bad: RevisionName;
}

/** What the user had: not what an earlier pin of ours had made of it. */
function requestedTraffic(pin: Pin | undefined, before: readonly TrafficTarget[]): readonly TrafficTarget[] {
  const ours =
    pin?.owner === 'guard' && sameSplit(specSplit(pin.after, undefined), specSplit(before, undefined));
  return ours ? pin.before : [...before];
}
