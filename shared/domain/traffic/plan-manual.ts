import type { RevisionName } from '../ids.ts';
import { mostServed, type ServiceState, servingSplit, type TrafficTarget } from '../service-state.ts';
import { planRestore } from './plan-traffic.ts';

/** What a person may have done to a service's traffic. */
export const manualKinds = ['rollback', 'promote', 'pin', 'unpin'] as const;
export type ManualKind = (typeof manualKinds)[number];

/** What traffic was before the pin that is on it. */
export interface PinnedTraffic {
  readonly before: readonly TrafficTarget[];
}

/** All traffic on one revision by name; every tag kept. */
export function planAllOn(service: ServiceState, revision: RevisionName): TrafficTarget[] {
  return planRestore(service, [{ revision, percent: 100 }]);
}

/** The traffic as it was before the pin, LATEST included; without a pin, all of it on LATEST. */
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

/** The revision that most users get now. */
export function servingMost(service: ServiceState): RevisionName | undefined {
  return mostServed(servingSplit(service));
}
