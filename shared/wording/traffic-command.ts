import type { ServiceRef } from '../domain/ids.ts';
import type { TrafficTarget } from '../domain/service-state.ts';

/** The gcloud command that sets these percentages; tags stay as they are. Safe to paste: all parts are names. */
export function trafficCommand(
  { project, region, service }: ServiceRef,
  traffic: readonly TrafficTarget[],
): string {
  const named = traffic.filter((target) => target.percent > 0);
  const how =
    named.length === 0 || (named.length === 1 && named[0]?.revision === undefined)
      ? '--to-latest'
      : `--to-revisions=${named.map((target) => `${target.revision ?? 'LATEST'}=${target.percent}`).join(',')}`;
  return `gcloud run services update-traffic ${service} --project=${project} --region=${region} ${how}`;
}
