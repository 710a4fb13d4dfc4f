import type { ServiceConfig } from '../../contracts/config.ts';
import type { RunRecord } from '../../contracts/records.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import { commitLabel } from '../../domain/revision.ts';
import { isCommitSha, type Repository } from '../../domain/scm/repository.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ScmCommits } from '../../ports/scm/scm-commits.ts';
import { placeOf } from '../notices/notice-config.ts';
import { loadAttempt } from '../records/last-run.ts';

/** What was built from: full commit ids; undefined: not known. */
export interface DeployedCommits {
  readonly candidate: string | undefined;
  readonly stable: string | undefined;
}

/** Where the source code of a service is kept, and what of it was deployed. */
export interface DeployedSource extends DeployedCommits {
  readonly repository: Repository;
  readonly commits: ScmCommits;
}

/**
 * The source code of a run's revisions.
 * @returns undefined: the config names no repository
 * @throws {PermanentError} the address of the repository's host is not allowed
 */
export async function deployedSource(
  run: Pick<RunRecord, 'ref' | 'candidate' | 'stable' | 'build'>,
  config: ServiceConfig,
  ports: Pick<Ports, 'run' | 'store' | 'scm'>,
): Promise<DeployedSource | undefined> {
  if (!config.github) return undefined;
  const { repository, scm } = placeOf(config, ports.scm);
  return { repository, commits: scm.commits, ...(await deployedCommits(run, ports)) };
}

/** The commits of a run's revision and of the one that it is compared with, by their builds or their labels. */
export async function deployedCommits(
  { ref, candidate, stable, build }: Pick<RunRecord, 'ref' | 'candidate' | 'stable' | 'build'>,
  ports: Pick<Ports, 'run' | 'store'>,
): Promise<DeployedCommits> {
  const [own, others] = await Promise.all([
    shaIn(build?.commit) ?? commitOf(ref, candidate.revision, ports),
    stable === undefined || stable === candidate.revision ? undefined : commitOf(ref, stable, ports),
  ]);
  return { candidate: own, stable: others };
}

async function commitOf(
  ref: ServiceRef,
  revision: RevisionName,
  { run, store }: Pick<Ports, 'run' | 'store'>,
): Promise<string | undefined> {
  const known = await run.getRevision(ref, revision);
  const label = shaIn(known?.labels[commitLabel]);
  if (!known || label !== undefined) return label;
  // Only the first attempt is opened by a build; an older revision may have had the same name.
  const first = (await loadAttempt(store, ref, revision, 1))?.data;
  const isSame = first?.candidate.createTime.getTime() === known.createTime.getTime();
  return isSame ? shaIn(first?.build?.commit) : undefined;
}

/** Whoever runs builds and sets labels can give them any text. */
function shaIn(text: string | undefined): string | undefined {
  return text !== undefined && isCommitSha(text) ? text : undefined;
}
