import type { CommitFacts, CommitReport } from '../../domain/commit/commit-facts.ts';
import { examineCommit, filesToRead } from '../../domain/commit/examine-commit.ts';
import { isRefinable, suspicionsOf } from '../../domain/commit/suspicion.ts';
import { type Diagnosis, diagnoseIncident } from '../../domain/diagnosis/diagnose-incident.ts';
import type { Incident } from '../../domain/diagnosis/evidence.ts';
import { describeError } from '../../domain/errors.ts';
import { type Repository, repositoryText } from '../../domain/scm/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scm } from '../../ports/scm/scm.ts';
import type { DeployedCommits } from './deployed-commits.ts';
import { readText } from './read-text.ts';

/** Where the source code of a service is kept. */
export interface CommitSource {
  readonly repository: Repository;
  readonly scm: Pick<Scm, 'commits'>;
}

/** A diagnosis, and what the commit added to it. */
export interface RefinedDiagnosis {
  readonly result: Diagnosis;
  /** Absent: there was nothing to look for, or it could not be read. */
  readonly commit?: CommitReport | undefined;
}

const maxCalls = 5;
/** The calls that come before files are read: the list of files, and the comparison. */
const firstCalls = 2;
/** All of it together takes no longer. */
const budgetMs = 10_000;

/**
 * Diagnoses an incident, and where the commit may tell the origin of the cause, again with what it says: at most 5 calls
 * and 10 s. A commit that cannot be read is named under `missing`. Never throws.
 * @param source undefined: no repository is known for the service
 */
export async function diagnoseWithCommit(
  incident: Incident,
  source: CommitSource | undefined,
  commits: () => Promise<DeployedCommits>,
  clock: Clock,
): Promise<RefinedDiagnosis> {
  const first = diagnoseIncident(incident);
  if (!isRefinable(first)) return { result: first };
  const look = source ? await lookInTime(incident, first, source, commits, clock) : unconfigured;
  const missing = [...(incident.missing ?? []), ...(look.missing === undefined ? [] : [look.missing])];
  return { result: diagnoseIncident({ ...incident, missing }, look.commit), commit: look.commit };
}

type Look =
  | { readonly commit: CommitReport; readonly missing?: undefined }
  | { readonly commit?: undefined; readonly missing: string };

const unconfigured: Look = { missing: 'the commit: no repository is configured for the service' };

async function lookInTime(
  incident: Incident,
  first: Diagnosis,
  source: CommitSource,
  commits: () => Promise<DeployedCommits>,
  clock: Clock,
): Promise<Look> {
  const where = `the commit in ${repositoryText(source.repository)}`;
  const over = new AbortController();
  const tooLate = clock
    .sleep(budgetMs, over.signal)
    .catch(() => undefined)
    .then((): Look => ({ missing: `${where}: no answer within ${budgetMs / 1_000} s` }));
  try {
    return await Promise.race([look(incident, first, source, commits, where), tooLate]);
  } catch (error) {
    return { missing: `${where}: ${describeError(error)}` };
  } finally {
    over.abort();
  }
}

async function look(
  incident: Incident,
  first: Diagnosis,
  { repository, scm }: CommitSource,
  commits: () => Promise<DeployedCommits>,
  where: string,
): Promise<Look> {
  const { candidate, stable } = await commits();
  if (candidate === undefined)
    return { missing: `${where}: neither the build nor a label of the revision names it` };
  const [tree, comparison] = await Promise.all([
    scm.commits.listTree(repository, candidate),
    stable === undefined ? undefined : scm.commits.compare(repository, stable, candidate),
  ]);
  if (!tree) return { missing: `${where}: ${candidate} is not there, or the credential does not see it` };
  const paths = tree.files.filter(({ kind }) => kind !== 'submodule').map(({ path }) => path);
  const known = { sha: candidate, paths, pathsCut: tree.isCut, comparison };
  const suspicions = suspicionsOf(incident, first);
  const files = new Map<string, string | undefined>();
  for (let calls = firstCalls; calls < maxCalls; ) {
    // What a file says may name the next one.
    const wanted = filesToRead(suspicions, { ...known, files }).slice(0, maxCalls - calls);
    if (wanted.length === 0) break;
    calls += wanted.length;
    const texts = await Promise.all(wanted.map((path) => readText(scm.commits, repository, candidate, path)));
    for (const [n, path] of wanted.entries()) files.set(path, texts[n]);
  }
  const facts: CommitFacts = { ...known, files };
  return { commit: examineCommit(suspicions, first.category, facts) };
}
