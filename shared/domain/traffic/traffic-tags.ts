import type { RevisionName } from '../ids.ts';
import { type ServiceState, shareIn } from '../service-state.ts';

/** The longest tag and service name together that Cloud Run accepts: both are part of one DNS label. */
export const maxTagAndService = 46;

/** The longest service name that leaves room for every tag of the guard. */
export const maxTaggableService = maxTagAndService - 'dl-000000-s'.length;

/** The guard's own tags for one service; all others belong to the user and are kept. */
export interface TrafficTags {
  /** For the newest good revision, so that it can be probed at any time. */
  readonly standing: string;
  /** For a run's candidate, while the candidate does not have all traffic. */
  run(runId: string): string;
  /** For the stable revision, if it has no standing tag. */
  runStable(runId: string): string;
}

/** Readable names, or short ones if Cloud Run leaves no room. */
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

/** The tags of runs only. They keep instances alive, so they are removed when their run has ended. */
export function isRunTag(tag: string): boolean {
  return /^(deploy-loop-[0-9a-f]{6}(-stable)?|dl-[0-9a-f]{6}(-s)?)$/.test(tag);
}

/**
 * In mode guard, a revision that was deployed with a tag and without traffic is a preview.
 * @returns its tag; undefined: it has traffic, or only tags of the guard
 */
export function previewTag(service: ServiceState, revision: RevisionName): string | undefined {
  if (shareIn(service, revision) > 0) return undefined;
  const { standing } = trafficTags(service.ref.service);
  const isTheirs = (tag: string) => !isRunTag(tag) && tag !== standing;
  return service.traffic.find(
    (entry) => entry.revision === revision && entry.tag !== undefined && isTheirs(entry.tag),
  )?.tag;
}
