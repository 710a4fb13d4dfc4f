import type { ServiceState } from '../../../shared/domain/traffic/traffic.ts';

/** What the service's traffic spec says: `LATEST 100 %, which is web-2 now`, or `web-1 100 %, pinned`. */
export function describeTraffic({ traffic, latestReadyRevision }: ServiceState): string {
  const shares = traffic.filter(({ percent }) => percent > 0);
  const [only] = shares;
  if (shares.length === 0 || (shares.length === 1 && only?.revision === undefined))
    return `LATEST 100 %, which is ${latestReadyRevision}`;
  return `${shares.map(({ revision, percent }) => `${revision ?? 'LATEST'} ${percent} %`).join(', ')}, pinned`;
}

/** True: whatever is deployed next gets the traffic, as Cloud Run has it by default. */
export function followsLatest({ traffic }: ServiceState): boolean {
  return traffic.every(({ revision, percent }) => percent === 0 || revision === undefined);
}
