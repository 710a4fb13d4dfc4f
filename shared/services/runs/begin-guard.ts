import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { durationMs } from '../../contracts/duration.ts';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import { type ServiceRecord, services } from '../../contracts/records.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { type RevisionName, runIdOf, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import { compareRevisions, orderOf, type Revision } from '../../domain/revision.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { lastGoodAnnotation } from '../../domain/traffic/plan-traffic.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import type { BoundConfig } from '../records/load-config.ts';
import { nextAttempt } from './next-attempt.ts';
import { registerRun, wakeRun } from './register-run.ts';

export interface GuardRequest {
  readonly config: ServiceConfig;
  readonly bound: BoundConfig;
  /** The candidate; the newest created revision if absent. */
  readonly revision?: RevisionName | undefined;
}

/**
 * Validates one revision at a person's request.
 * @throws {NotFoundError} there is no such service or revision
 */
export async function beginGuard({ config, bound, revision }: GuardRequest, ports: Ports): Promise<void> {
  const ref = refOf(config);
  const state = await serviceState(ref, ports);
  const name = revision ?? state.latestCreatedRevision;
  const candidate = name && (await ports.run.getRevision(ref, name));
  if (!candidate) throw new NotFoundError(`service ${ref.service} has no revision ${name ?? 'yet'}`);
  const next = await nextAttempt(ref, candidate.name, 'guard', ports);
  if (next.kind === 'running') return wakeRun(next.runId, ports);
  if (next.kind === 'none') return;
  await registerRun(
    {
      ref,
      config,
      configDigest: bound.digest,
      revision: candidate,
      openedBy: 'guard',
      attempt: next.attempt,
      observe: bound.observe,
      watchMs: bound.watchMs ?? durationMs(config.watch.minimum),
      scan: bound.scan,
    },
    ports,
  );
}

/**
 * Records the first good revision of a service: the one that a person names, or the one in the service's annotation.
 * A verification takes precedence over a claim: what a person names counts while no revision is recorded as good, and
 * the annotation only until the first validation, which may have found that very revision bad.
 * @returns the good revisions on record, if there are any
 * @throws {NotFoundError} the named revision does not exist
 */
export async function seedStable(
  config: ServiceConfig,
  named: RevisionName | undefined,
  ports: Ports,
): Promise<readonly RevisionName[]> {
  const ref = refOf(config);
  const document = documentIn(services, serviceKeyOf(ref));
  const record = await ports.store.get(document);
  const recorded = record?.data.lastGood.map((good) => good.revision) ?? [];
  if (recorded.length > 0) return recorded;
  const revision =
    named === undefined
      ? await annotatedGood(ref, record?.data, ports)
      : await ports.run.getRevision(ref, named);
  if (!revision) {
    if (named === undefined) return [];
    throw new NotFoundError(`service ${ref.service} has no revision ${named}`);
  }
  const good = {
    ...orderOf(revision),
    runId: runIdOf(ref, revision.name, 1),
    at: ports.clock.now(),
    short: true,
  };
  // Of several guards the first has recorded it.
  await tryCommit(ports.store, [
    record
      ? update(document, record, { lastGood: [good] })
      : create(document, { ref, name: config.name, lastGood: [good], rollbacks: [] }),
  ]);
  return [];
}

/**
 * The very revision in the annotation; undefined: there is none, or not any more, or it was validated here, or a person
 * has moved its traffic to an older one.
 */
async function annotatedGood(
  ref: ServiceRef,
  known: ServiceRecord | undefined,
  ports: Ports,
): Promise<Revision | undefined> {
  if (known?.currentRun) return undefined;
  const text = (await serviceState(ref, ports)).annotations[lastGoodAnnotation];
  // Earlier versions have written the name alone.
  const [name, createTime] = text?.split(' ') ?? [];
  const parsed = RevisionNameSchema.safeParse(name);
  const revision = parsed.success ? await ports.run.getRevision(ref, parsed.data) : undefined;
  if (!revision || (createTime !== undefined && createTime !== revision.createTime.toISOString()))
    return undefined;
  const pinned = known?.pin && (await ports.run.getRevision(ref, known.pin.target));
  const movedAway = pinned && compareRevisions(orderOf(revision), orderOf(pinned)) > 0;
  return movedAway ? undefined : revision;
}

function refOf({ project, region, service }: ServiceConfig): ServiceRef {
  return { project, region, service };
}

async function serviceState(ref: ServiceRef, { run }: Ports): Promise<ServiceState> {
  const state = await run.getService(ref);
  if (!state) throw new NotFoundError(`no service ${ref.service} in ${ref.project} / ${ref.region}`);
  return state;
}
