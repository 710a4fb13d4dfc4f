import type { Build } from '../build.ts';
import type { RevisionName, ServiceRef } from '../ids.ts';
import { commitLabel, type Revision } from '../revision.ts';

/** A watched service of the build's project, with its revisions as Cloud Run lists them (newest first). */
export interface WatchedService {
  readonly ref: ServiceRef;
  readonly triggers: readonly string[];
  readonly revisions: readonly Revision[];
}

export interface ResolvedRevision {
  readonly ref: ServiceRef;
  readonly revision: Revision;
  /** How it was found, from the most to the least certain way. */
  readonly by: 'hand-over' | 'label' | 'commit' | 'account' | 'build-window';
}

export type Resolution =
  | { readonly kind: 'resolved'; readonly revisions: readonly ResolvedRevision[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly detail: string };

/** The JSON that a deploy step may write to `$BUILDER_OUTPUT/output`. */
export interface HandOver extends ServiceRef {
  readonly revision: RevisionName;
}

const buildLabel = 'gcb-build-id';
/** A `--source` deploy creates its revision after the build has succeeded. */
export const windowSlackMs = 60_000;

/**
 * Finds the revisions that a build deployed. The result contains only revisions that Cloud Run lists for a watched
 * service; the build's own claims merely choose among them.
 */
export function resolveRevision(
  build: Build,
  handOvers: readonly HandOver[],
  watched: readonly WatchedService[],
): Resolution {
  const resolved: ResolvedRevision[] = [];
  const guesses: ResolvedRevision[] = [];
  for (const service of watched) {
    const exact = findExact(service, build, handOvers);
    if (exact.length > 0) resolved.push(...exact);
    else guesses.push(...byWindow(service, build));
  }
  // Once a certain way has found a revision, a guess about another service could blame the build for its neighbour's
  // deploy.
  if (resolved.length > 0)
    return {
      kind: 'resolved',
      revisions: [...resolved, ...guesses.filter((guess) => namesTrigger(guess, watched, build))],
    };
  const [only, ...others] = guesses;
  if (!only) return { kind: 'none' };
  if (others.length === 0 || guesses.every((guess) => namesTrigger(guess, watched, build)))
    return { kind: 'resolved', revisions: guesses };
  const names = guesses.map((guess) => guess.revision.name).join(', ');
  return {
    kind: 'ambiguous',
    detail: `${names} were all created during the build, and none carries its id: set triggers in the config, or the label ${buildLabel}`,
  };
}

/** From the most certain way down; the first that finds a revision ends the search. */
function findExact(
  service: WatchedService,
  build: Build,
  handOvers: readonly HandOver[],
): ResolvedRevision[] {
  const handed = byHandOver(service, handOvers);
  if (handed) return [handed];
  const labelled = byLabel(service, build);
  if (labelled.length > 0) return labelled;
  const committed = byCommit(service, build);
  return committed ? [committed] : [];
}

function byHandOver(service: WatchedService, handOvers: readonly HandOver[]): ResolvedRevision | undefined {
  const { ref } = service;
  const named = handOvers.find(
    (h) => h.project === ref.project && h.region === ref.region && h.service === ref.service,
  );
  const revision = named && service.revisions.find((candidate) => candidate.name === named.revision);
  return revision && { ref, revision, by: 'hand-over' };
}

/**
 * Later config-only deploys copy the template's labels, so several revisions may carry the id: the earliest belongs to
 * the build, and so do those created before the build ended.
 */
function byLabel(service: WatchedService, build: Build): ResolvedRevision[] {
  const labelled = service.revisions.filter(
    (candidate) => candidate.labels[buildLabel] === build.id && inWindow(candidate, build),
  );
  const earliest = labelled.at(-1);
  const end = build.finishTime?.getTime() ?? 0;
  const ofBuild = labelled.filter(
    (candidate) => candidate === earliest || candidate.createTime.getTime() <= end,
  );
  return ofBuild.toReversed().map((revision) => ({ ref: service.ref, revision, by: 'label' }));
}

/** Several builds of one commit have the same label: the build's time window distinguishes them. */
function byCommit(service: WatchedService, build: Build): ResolvedRevision | undefined {
  const commit = build.substitutions.COMMIT_SHA;
  if (!commit || (service.triggers.length > 0 && !triggersInclude(service, build))) return undefined;
  const revision = service.revisions.findLast(
    (candidate) => candidate.labels[commitLabel] === commit && mayBeOf(candidate, build),
  );
  return revision && { ref: service.ref, revision, by: 'commit' };
}

function byWindow(service: WatchedService, build: Build): ResolvedRevision[] {
  if (service.triggers.length > 0 && !triggersInclude(service, build)) return [];
  const revision = service.revisions.find((candidate) => mayBeOf(candidate, build));
  if (!revision) return [];
  return [
    {
      ref: service.ref,
      revision,
      by: revision.creator !== undefined && build.serviceAccount !== undefined ? 'account' : 'build-window',
    },
  ];
}

/** Created during the build, and known neither as another build's nor as someone else's revision. */
function mayBeOf(revision: Revision, build: Build): boolean {
  const madeByOther =
    revision.creator !== undefined &&
    build.serviceAccount !== undefined &&
    revision.creator !== build.serviceAccount;
  return inWindow(revision, build) && !carriesOtherBuild(revision, build) && !madeByOther;
}

function carriesOtherBuild(revision: Revision, build: Build): boolean {
  const label = revision.labels[buildLabel];
  return label !== undefined && label !== build.id;
}

function namesTrigger(guess: ResolvedRevision, watched: readonly WatchedService[], build: Build): boolean {
  const service = watched.find((candidate) => candidate.ref === guess.ref);
  return service !== undefined && triggersInclude(service, build);
}

function triggersInclude(service: WatchedService, build: Build): boolean {
  const names = [build.triggerId, build.substitutions.TRIGGER_NAME];
  return service.triggers.some((trigger) => names.includes(trigger));
}

function inWindow(revision: Revision, build: Build): boolean {
  const created = revision.createTime.getTime();
  const start = build.startTime?.getTime();
  const end = build.finishTime?.getTime();
  return start !== undefined && end !== undefined && created >= start && created <= end + windowSlackMs;
}
