import type { RevisionName } from '../ids.ts';
import { type ServiceState, servesAlone } from '../service-state.ts';
import { isRunTag, trafficTags } from './traffic-tags.ts';

/** How a probe reaches one particular revision. */
export type Reach =
  /** It has all traffic and needs no tag, but old revisions answer too until `since` is `propagation` ago. */
  | { readonly kind: 'service-url'; readonly url: string; readonly since: Date }
  /** By a tag, whose previous revision may answer until `since` is `propagation` ago. Absent: the tag is new. */
  | { readonly kind: 'tag-url'; readonly url: string; readonly since?: Date | undefined }
  /** Its tag was requested, but has no URL yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'none' };

/** @param byTags false: tags are of no use, since the service is not reachable by its own hosts */
export function planReach(service: ServiceState, revision: RevisionName, byTags = true): Reach {
  if (servesAlone(service, revision))
    return { kind: 'service-url', url: service.uri, since: service.routesChangedAt };
  if (!byTags) return { kind: service.reconciling ? 'pending' : 'none' };
  const tagged = service.serving.filter((target) => target.revision === revision && target.uri !== undefined);
  const own = tagged.find((target) => isRunTag(target.tag ?? ''));
  if (own?.uri !== undefined) return { kind: 'tag-url', url: own.uri };
  const [other] = tagged;
  if (other?.uri !== undefined) return { kind: 'tag-url', url: other.uri, since: service.routesChangedAt };
  return isTagAsked(service, revision) || service.reconciling ? { kind: 'pending' } : { kind: 'none' };
}

function isTagAsked(service: ServiceState, revision: RevisionName): boolean {
  return service.traffic.some((target) => target.revision === revision && target.tag !== undefined);
}

export interface TagPolicy {
  readonly standingTag: boolean;
  /** False: nobody can use a tag. @default true */
  readonly byTags?: boolean;
  /** True: it has waited long enough for Cloud Run to stop reconciling. */
  readonly evenWhileReconciling?: boolean;
}

/** The tags that must be added, in one write, so that candidate and stable can both be probed; empty: none. */
export function missingTags(
  service: ServiceState,
  runId: string,
  candidate: RevisionName,
  stable: RevisionName | undefined,
  policy: TagPolicy,
): Map<string, RevisionName> {
  if (policy.byTags === false) return new Map();
  const tags = trafficTags(service.ref.service);
  const missing = new Map<string, RevisionName>();
  const lacks = (revision: RevisionName) => {
    const { kind } = planReach(service, revision);
    const waits = policy.evenWhileReconciling === true && !isTagAsked(service, revision);
    return kind === 'none' || (kind === 'pending' && waits);
  };
  if (lacks(candidate)) missing.set(tags.run(runId), candidate);
  if (stable !== undefined && lacks(stable)) {
    missing.set(policy.standingTag ? tags.standing : tags.runStable(runId), stable);
  }
  return missing;
}
