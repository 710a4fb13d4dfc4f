import type { RevisionName } from '../ids.ts';
import { type ServiceState, shareIn } from '../service-state.ts';

/** Cloud Run refuses a tag that together with the service's name is longer: both are part of one DNS label. */
export const maxTagAndService = 46;

/** The longest service name that leaves room for every tag of the guard. */
export const maxTaggableService = maxTagAndService - 'dl-000000-s'.length;

/** The guard's own tags for one service; all others belong to the user and are kept. */
export interface TrafficTags {
  /** On the newest good revision, so that it can be probed at once. */
  readonly standing: string;
  /** By which a run reaches its candidate when it does not serve alone. */
  run(runId: string): string;
  /** By which a run reaches the stable revision where there is no standing tag. */
  runStable(runId: string): string;
}

/** Names that people understand, or short ones where Cloud Run leaves no room. */
export function trafficTags(service: string): TrafficTags {
  const roomy = service.length + 'deploy-loop-000000-stable'.length <= maxTagAndService;
  const prefix = roomy ? 'deploy-loop-' : 'dl-';
  const run = (runId: string) => `${prefix}${runId.slice(0, 6)}`;
  return {
    standing: `${prefix}stable`,
    run,
    runStable: (runId) => `${run(runId)}${roomy ? '-stable' : '-s'}`,
  };
}

/** Tags of runs, and no others: they keep instances alive, so they go when their run is over. */
export function isRunTag(tag: string): boolean {
  return /^(deploy-loop-[0-9a-f]{6}(-stable)?|dl-[0-9a-f]{6}(-s)?)$/.test(tag);
}

/**
 * Where deploys take traffic themselves, a revision that got a tag instead is there to be looked at.
 * @returns the tag; undefined: it has traffic, or no tag but the guard's
 */
export function previewTag(service: ServiceState, revision: RevisionName): string | undefined {
  if (shareIn(service, revision) > 0) return undefined;
  const { standing } = trafficTags(service.ref.service);
  const isTheirs = (tag: string) => !isRunTag(tag) && tag !== standing;
  return service.traffic.find(
    (entry) => entry.revision === revision && entry.tag !== undefined && isTheirs(entry.tag),
  )?.tag;
}
