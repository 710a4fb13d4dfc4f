import type { RevisionName } from '../ids.ts';
import type { Pin } from '../records/service-record.ts';
import type { RevisionOrder } from '../revision.ts';
import { type ServiceState, specSplit, type TrafficTarget } from '../service-state.ts';
import type { Mode } from '../stages.ts';
import type { Reason } from '../verdict.ts';
import { trafficTags } from './traffic-tags.ts';

/** The annotation with the id of the intent whose write landed last. */
export const effectAnnotation = 'deploy-loop-effect';
/** The annotation with the newest verified-good revision, for a guard that has no records. */
export const lastGoodAnnotation = 'deploy-loop-last-good';

/**
 * Its name and creation time: another revision of the same name, here or in a service that the annotation was copied to,
 * was not verified.
 */
export function lastGoodMark({ revision, createTime }: RevisionOrder): Readonly<Record<string, string>> {
  return { [lastGoodAnnotation]: `${revision} ${createTime.toISOString()}` };
}

/** The change that an effect plans on the current service. */
export type TrafficPlan =
  | {
      readonly kind: 'write';
      readonly traffic: readonly TrafficTarget[];
      readonly annotations?: Readonly<Record<string, string>>;
      readonly why: string;
      /** The revision that gets the candidate's traffic. */
      readonly target?: RevisionName | undefined;
      /** True: the candidate gains traffic, which a pause or an abort forbids. */
      readonly gains?: boolean;
      /** The pin after the write; absent: the write has nothing to do with pins, and a pin in force stays. */
      readonly pin?: PinAfter;
    }
  | { readonly kind: 'skip'; readonly reason: Reason };

/** The pin after a write; undefined: none, which releases the one before. @param at when the write was recorded */
export type PinAfter = (written: WrittenTraffic & { readonly at: Date }) => Pin | undefined;

/** The traffic change of a write. */
export interface WrittenTraffic {
  readonly before: readonly TrafficTarget[];
  readonly after: readonly TrafficTarget[];
  /** The target that the plan named. */
  readonly target: RevisionName | undefined;
}

/** Moves the candidate's traffic to `target`; all other traffic and every tag stay as they are. */
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

/**
 * Gives the candidate `percent` of the traffic and splits the rest like the baseline, in whole percentages; every tag
 * stays.
 * @param baseline the spec before the guard gave the candidate a share; LATEST in it is replaced by a name
 */
export function planShift(
  service: ServiceState,
  baseline: readonly TrafficTarget[],
  candidate: RevisionName,
  percent: number,
): TrafficTarget[] {
  const others = Object.entries(specSplit(baseline, service.latestReadyRevision)).filter(
    ([name]) => name !== candidate,
  );
  const shares = splitWhole(
    100 - percent,
    others.map(([, share]) => share),
  );
  const rest = others.map(([name], n) => ({ revision: name as RevisionName, percent: shares[n] ?? 0 }));
  return [{ revision: candidate, percent }, ...rest.filter((entry) => entry.percent > 0), ...tagsOf(service)];
}

/** The percentages of `split` by name; every tag of the service stays. */
export function planRestore(service: ServiceState, split: readonly TrafficTarget[]): TrafficTarget[] {
  const percents = Object.entries(specSplit(split, service.latestReadyRevision));
  return [
    ...percents.map(([name, percent]) => ({ revision: name as RevisionName, percent })),
    ...tagsOf(service),
  ];
}

/** The traffic after a promotion. */
export interface Promotion {
  readonly traffic: TrafficTarget[];
  /** True: the user's own traffic is restored, which releases the guard's pin. */
  readonly released: boolean;
}

/**
 * All traffic on the candidate; or, under the guard's pin, the user's earlier traffic with the candidate in place of
 * the bad revision. LATEST is restored only where deploys move traffic themselves and LATEST means the candidate.
 * @param pin absent: the guard has not pinned the traffic
 */
export function planPromotion(
  service: ServiceState,
  candidate: RevisionName,
  mode: Mode,
  pin: { readonly before: readonly TrafficTarget[]; readonly bad?: RevisionName | undefined } | undefined,
): Promotion {
  const had = (pin?.before ?? []).filter((entry) => entry.percent > 0);
  const before: readonly TrafficTarget[] = had.length > 0 ? had : [{ percent: 100 }];
  const followed = before.some((entry) => entry.revision === undefined);
  const isLatest = service.latestCreatedRevision === candidate && service.latestReadyRevision === candidate;
  const byLatest = mode === 'guard' && isLatest;
  if (!pin) return { traffic: [{ revision: candidate, percent: 100 }, ...tagsOf(service)], released: false };
  const percents = before.map(({ revision, percent }): TrafficTarget => {
    if (revision === undefined) return byLatest ? { percent } : { revision: candidate, percent };
    return { revision: revision === pin.bad ? candidate : revision, percent };
  });
  // A split without the failed revision was never about it: the candidate gets all traffic.
  const included = percents.some((entry) => entry.revision === candidate || entry.revision === undefined);
  const traffic = included ? percents : [{ revision: candidate, percent: 100 }];
  return { traffic: [...traffic, ...tagsOf(service)], released: !followed || byLatest };
}

/** Whole numbers that sum to `total` in the proportion of `weights`; the largest remainders get the rest. */
function splitWhole(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const whole = exact.map(Math.floor);
  const left = total - whole.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, n) => ({ n, rest: value % 1 }))
    .sort((a, b) => b.rest - a.rest || a.n - b.n);
  const raised = new Set(byRemainder.slice(0, left).map(({ n }) => n));
  return whole.map((value, n) => value + (raised.has(n) ? 1 : 0));
}

/** The same percentages, with `tags` added or moved. */
export function planTags(service: ServiceState, tags: ReadonlyMap<string, RevisionName>): TrafficTarget[] {
  const added = [...tags].map(([tag, revision]) => ({ revision, percent: 0, tag }));
  return [...withoutTags(service, (tag) => tags.has(tag)), ...added];
}

/** The same percentages, without the tags that `drop` selects. */
export function planUntag(service: ServiceState, drop: (tag: string) => boolean): TrafficTarget[] {
  return withoutTags(service, drop);
}

/** Writes the newest good revision's name to the annotation, and adds its tag unless the tag costs money. */
export function planMarks(service: ServiceState, newest: RevisionOrder, tagged: boolean): TrafficPlan {
  const { revision } = newest;
  const annotations = lastGoodMark(newest);
  const { standing } = trafficTags(service.ref.service);
  const traffic = tagged
    ? planTags(service, new Map([[standing, revision]]))
    : planUntag(service, (tag) => tag === standing);
  const isMarked = service.annotations[lastGoodAnnotation] === annotations[lastGoodAnnotation];
  if (isMarked && sameTraffic(traffic, service.traffic)) {
    return {
      kind: 'skip',
      reason: { code: 'unchanged', text: `${revision} already carries its annotation and tag` },
    };
  }
  return {
    kind: 'write',
    traffic,
    annotations,
    why: `${revision} is verified good`,
  };
}

/** Cloud Run refuses a traffic list in which a tag names a deleted revision, whatever the write changes. */
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
