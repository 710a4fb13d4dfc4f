import type { CommitFacts, CommitReport } from '../../domain/commit/commit-facts.ts';
import { examineCommit, filesToRead } from '../../domain/commit/examine-commit.ts';
import { isRefinable, suspicionsOf } from '../../domain/commit/suspicion.ts';
import { type Diagnosis, diagnoseIncident } from '../../domain/diagnosis/diagnose-incident.ts';
import type { Incident } from '../../domain/diagnosis/evidence.ts';
import { describeError } from '../../domain/errors.ts';
import { repositoryText } from '../../domain/scm/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeployedSource } from './deployed-commits.ts';
import { readText } from './read-text.ts';

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
 * and 10 s. A commit that cannot be read is named under `missing`.
 * @param source what was deployed; undefined: no repository is known for the service
 */
export async function diagnoseWithCommit(
  incident: Incident,
  source: () => Promise<DeployedSource | undefined>,
  clock: Clock,
): Promise<RefinedDiagnosis> {
  const first = diagnoseIncident(incident);
  if (!isRefinable(first)) return { result: first };
  const { commit, missing: unread = [] } = await lookInTime(incident, first, source, clock);
  const missing = [...(incident.missing ?? []), ...unread];
  return { result: diagnoseIncident({ ...incident, missing }, commit), commit };
}

interface Look {
  readonly commit?: CommitReport;
  readonly missing?: readonly string[];
}

function unread(why: string): Look {
  return { missing: [`the commit: ${why}`] };
}

async function lookInTime(
  incident: Incident,
  first: Diagnosis,
  source: () => Promise<DeployedSource | undefined>,
  clock: Clock,
): Promise<Look> {
  const over = new AbortController();
  const tooLate = clock
    .sleep(budgetMs, over.signal)
    .catch(() => undefined)
    .then(() => unread(`no answer within ${budgetMs / 1_000} s`));
  try {
    return await Promise.race([look(incident, first, source), tooLate]);
  } catch (error) {
    return unread(describeError(error));
  } finally {
    over.abort();
  }
}

async function look(
  incident: Incident,
  first: Diagnosis,
  source: () => Promise<DeployedSource | undefined>,
): Promise<Look> {
  const found = await source();
  if (!found) return unread('no repository is configured for the service (github.repo)');
  const { repository, commits, candidate, stable } = found;
  if (candidate === undefined) return unread('neither the build nor a label of the revision names it');
  const [tree, comparison] = await Promise.all([
    commits.listTree(repository, candidate),
    stable === undefined ? undefined : commits.compare(repository, stable, candidate),
  ]);
  if (!tree)
    return unread(`${repositoryText(repository)} has no ${candidate}, or the credential does not see it`);
  const paths = tree.files.filter(({ kind }) => kind !== 'submodule').map(({ path }) => path);
  const known = { sha: candidate, paths, pathsCut: tree.isCut, comparison };
  const suspicions = suspicionsOf(incident, first);
  const files = new Map<string, string | undefined>();
  for (let calls = firstCalls; calls < maxCalls; ) {
    // What a file says may name the next one.
    const wanted = filesToRead(suspicions, { ...known, files }).slice(0, maxCalls - calls);
    if (wanted.length === 0) break;
    calls += wanted.length;
    const texts = await Promise.all(wanted.map((path) => readText(commits, repository, candidate, path)));
    for (const [n, path] of wanted.entries()) files.set(path, texts[n]);
  }
  const facts: CommitFacts = { ...known, files };
  return { commit: examineCommit(suspicions, first.category, facts) };
}
