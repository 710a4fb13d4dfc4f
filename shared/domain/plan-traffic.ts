import type { RevisionName } from './ids.ts';
import type { ServiceState, TrafficTarget } from './traffic.ts';

/** The guard's own tags begin so; all others belong to the user and are kept. */
const tagPrefix = 'deploy-loop-';
export const standingTag = `${tagPrefix}stable`;
/** Names the effect whose write landed last. */
export const effectAnnotation = 'deploy-loop-effect';
/** Names the newest verified-good revision, for a guard without a database. */
export const lastGoodAnnotation = 'deploy-loop-last-good';

/** The tag by which a run reaches its candidate when it does not serve alone. */
export function runTag(runId: string): string {
  return `${tagPrefix}${runId.slice(0, 6)}`;
}

/** Tags of runs, and no others: they keep instances alive, so they go when their run is over. */
export function isRunTag(tag: string): boolean {
  return /^deploy-loop-[0-9a-f]{6}(-stable)?$/.test(tag);
}

/** The candidate's traffic on `target`; everybody else's, and every tag, kept as it is. */
export function planRollback(
  service: ServiceState,
  candidate: RevisionName,
  target: RevisionName,
): TrafficTarget[] {
  const isCandidate = (entry: TrafficTarget) => (entry.revision ?? service.latestReadyRevision) === candidate;
  const spec = specOf(service).filter((entry) => entry.percent > 0);
  const moved = spec.filter((entry) => isCandidate(entry) || entry.revision === target);
  const kept = spec
    .filter((entry) => !moved.includes(entry))
    .map((entry) => ({ revision: entry.revision, percent: entry.percent }));
  const percent = moved.reduce((sum, entry) => sum + entry.percent, 0);
  return [{ revision: target, percent }, ...kept, ...tagsOf(service)];
}

/** The percents as they are, `tags` added or moved. */
export function planTags(service: ServiceState, tags: ReadonlyMap<string, RevisionName>): TrafficTarget[] {
  const added = [...tags].map(([tag, revision]) => ({ revision, percent: 0, tag }));
  return [...withoutTags(service, (tag) => tags.has(tag)), ...added];
}

/** The percents as they are, the tags that `drop` names gone. */
export function planUntag(service: ServiceState, drop: (tag: string) => boolean): TrafficTarget[] {
  return withoutTags(service, drop);
}

/** Cloud Run refuses a list in which a tag names a deleted revision, whatever else the write is about. */
export function dropTagsOfDeleted(
  traffic: readonly TrafficTarget[],
  exists: (revision: RevisionName) => boolean,
): TrafficTarget[] {
  return traffic.filter(
    (target) => target.percent > 0 || target.revision === undefined || exists(target.revision),
  );
}

export function sameTraffic(a: readonly TrafficTarget[], b: readonly TrafficTarget[]): boolean {
  const text = (targets: readonly TrafficTarget[]) =>
    targets
      .map((target) => `${target.revision ?? 'LATEST'} ${target.percent} ${target.tag ?? ''}`)
      .sort()
      .join('\n');
  return text(a) === text(b);
}

/** An empty spec means all traffic on LATEST. */
function specOf(service: ServiceState): readonly TrafficTarget[] {
  return service.traffic.length > 0 ? service.traffic : [{ percent: 100 }];
}

function tagsOf(service: ServiceState): TrafficTarget[] {
  return specOf(service)
    .filter((target) => target.tag !== undefined)
    .map((target) => ({ ...target, percent: 0 }));
}

function withoutTags(service: ServiceState, drop: (tag: string) => boolean): TrafficTarget[] {
  return specOf(service).flatMap((target): TrafficTarget[] => {
    if (target.tag === undefined || !drop(target.tag)) return [target];
    return target.percent > 0 ? [{ revision: target.revision, percent: target.percent }] : [];
  });
}
