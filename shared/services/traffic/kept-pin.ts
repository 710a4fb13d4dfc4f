import type { ServiceRecord } from '../../contracts/records.ts';
import type { RevisionName } from '../../domain/ids.ts';
import { percentsChanged, type ServiceState, type TrafficTarget } from '../../domain/service-state.ts';
import type { Mode } from '../../domain/stages.ts';

type Pin = NonNullable<ServiceRecord['pin']>;

/** Our own pin, as long as the traffic is what we left. */
export function ownPin(service: ServiceState, known: ServiceRecord | undefined): Pin | undefined {
  const pin = known?.pin;
  return pin?.owner === 'guard' && !percentsChanged(pin.after, service) ? pin : undefined;
}

/**
 * What is left of our pin once a revision has been promoted: where the user followed LATEST and the revision got the
 * traffic by name, new deploys still get none.
 */
export function keptPin(
  pin: Pin,
  promoted: RevisionName,
  mode: Mode,
  after: readonly TrafficTarget[],
): Pin | undefined {
  const had = pin.before.filter((entry) => entry.percent > 0);
  const followed = had.length === 0 || had.some((entry) => entry.revision === undefined);
  const byName = after.every((entry) => entry.percent === 0 || entry.revision !== undefined);
  return mode === 'guard' && followed && byName ? { ...pin, target: promoted, after: [...after] } : undefined;
}
