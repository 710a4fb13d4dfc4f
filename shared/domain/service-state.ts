import type { Etag, RevisionName, ServiceRef } from './ids.ts';

/** One entry of the traffic *spec*: the owner's setting. */
export interface TrafficTarget {
  /** Absent: Cloud Run's LATEST, the newest ready revision. */
  readonly revision?: RevisionName | undefined;
  readonly percent: number;
  readonly tag?: string | undefined;
}

/** One entry of the traffic *status*: what Cloud Run does. */
export interface ServingTarget {
  readonly revision: RevisionName;
  readonly percent: number;
  readonly tag?: string | undefined;
  /** The tag's own URL, once Cloud Run has made it. */
  readonly uri?: string | undefined;
}

/** A Cloud Run service as read at one moment; a write must carry its etag. */
export interface ServiceState {
  readonly ref: ServiceRef;
  readonly etag: Etag;
  readonly generation: bigint;
  readonly uri: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly traffic: readonly TrafficTarget[];
  readonly serving: readonly ServingTarget[];
  readonly latestReadyRevision: RevisionName | undefined;
  readonly latestCreatedRevision: RevisionName | undefined;
  /** True while `serving` and `latestReadyRevision` are transient. */
  readonly reconciling: boolean;
  /** When Cloud Run last changed the routes, by Cloud Run's clock. */
  readonly routesChangedAt: Date;
}

/** Percent of traffic by revision, without zeros: the part of the traffic setting that users notice. */
export type TrafficSplit = Readonly<Record<string, number>>;

/** The spec's percents with LATEST resolved to `latestReady`. An empty spec is all on LATEST. */
export function specSplit(
  traffic: readonly TrafficTarget[],
  latestReady: RevisionName | undefined,
): TrafficSplit {
  const targets: readonly TrafficTarget[] = traffic.length > 0 ? traffic : [{ percent: 100 }];
  return sumSplit(targets.map((target) => [target.revision ?? latestReady ?? 'LATEST', target.percent]));
}

/** A traffic spec as it was read, and the revision that LATEST meant then. */
export interface SeenTraffic {
  readonly traffic: readonly TrafficTarget[];
  /** Absent: unknown, so the current meaning is used. */
  readonly latest?: RevisionName | undefined;
}

/**
 * True when someone gave users other revisions. Ignored are tags, a LATEST that is spelled as the name that it meant
 * (as a deploy without traffic does), and a LATEST that has moved on by itself.
 */
export function percentsChanged({ traffic, latest }: SeenTraffic, service: ServiceState): boolean {
  const unresolved = sameSplit(specSplit(traffic, undefined), specSplit(service.traffic, undefined));
  return (
    !unresolved && !sameSplit(specSplit(traffic, latest ?? service.latestReadyRevision), askedSplit(service))
  );
}

/** The part of a service's traffic that is stored for later comparison. */
export function seenIn({ traffic, latestReadyRevision }: ServiceState): SeenTraffic {
  return { traffic, latest: latestReadyRevision };
}

/** The spec's percentages, with the current meaning of LATEST. */
export function askedSplit(service: ServiceState): TrafficSplit {
  return specSplit(service.traffic, service.latestReadyRevision);
}

/** The revision's percentage in spec or status, whichever is higher: the two differ while traffic moves. */
export function shareIn(service: ServiceState, revision: RevisionName): number {
  return Math.max(shareOf(askedSplit(service), revision), shareOf(servingSplit(service), revision));
}

/** The percentages of the status: what users get now. */
export function servingSplit(service: ServiceState): TrafficSplit {
  return sumSplit(service.serving.map((target) => [target.revision, target.percent]));
}

function sumSplit(entries: readonly (readonly [string, number])[]): TrafficSplit {
  const sums = new Map<string, number>();
  for (const [revision, percent] of entries) sums.set(revision, (sums.get(revision) ?? 0) + percent);
  return Object.fromEntries(
    [...sums].filter(([, percent]) => percent > 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export function sameSplit(a: TrafficSplit, b: TrafficSplit): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}

export function shareOf(split: TrafficSplit, revision: RevisionName): number {
  return split[revision] ?? 0;
}

/** The revision with the largest share; ties go to the later name. Undefined: no traffic at all. */
export function mostServed(split: TrafficSplit): RevisionName | undefined {
  const [first] = Object.entries(split).sort(([a, p], [b, q]) => q - p || (a < b ? 1 : -1));
  return first?.[0] as RevisionName | undefined;
}

/** The revisions that would gain users. */
export function gainersOf(service: ServiceState, traffic: readonly TrafficTarget[]): RevisionName[] {
  const now = servingSplit(service);
  const after = Object.entries(specSplit(traffic, service.latestReadyRevision));
  return after
    .filter(([name, percent]) => percent > shareOf(now, name as RevisionName))
    .map(([name]) => name as RevisionName);
}

/** True when every user request reaches `revision`, according to Cloud Run. */
export function servesAlone(service: ServiceState, revision: RevisionName): boolean {
  return !service.reconciling && shareOf(servingSplit(service), revision) === 100;
}

/** `web-1 80 %, web-2 20 %`, for people. */
export function formatSplit(split: TrafficSplit): string {
  const parts = Object.entries(split).map(([revision, percent]) => `${revision} ${percent} %`);
  return parts.length > 0 ? parts.join(', ') : 'no traffic';
}

/** True: users get the newest ready revision, whichever it is. */
export function followsLatest(traffic: readonly TrafficTarget[]): boolean {
  return traffic.length === 0 || traffic.some((entry) => entry.revision === undefined && entry.percent > 0);
}
