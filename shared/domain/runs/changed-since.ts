import type { Run } from '../records/run.ts';
import {
  askedSplit,
  percentsChanged,
  type ServiceState,
  shareOf,
  type TrafficSplit,
  type TrafficTarget,
} from '../service-state.ts';

/** What an ended run has last known of its service's traffic. */
export interface LeftTraffic {
  /** As it was last written by the run; absent: it has written none. */
  readonly traffic?: readonly TrafficTarget[] | undefined;
  /** The candidate's percent at the last look; absent: it never looked. */
  readonly share?: number | undefined;
}

/** @returns what the traffic is now; undefined: as the run left it, as far as that is known */
export function changedSince(
  { candidate, expectedLatest }: Pick<Run, 'candidate' | 'expectedLatest'>,
  { traffic, share }: LeftTraffic,
  service: ServiceState,
): TrafficSplit | undefined {
  const now = askedSplit(service);
  const latest = expectedLatest ?? candidate.revision;
  const changed = traffic
    ? percentsChanged({ traffic, latest }, service)
    : share !== undefined && share !== shareOf(now, candidate.revision);
  return changed ? now : undefined;
}
