import type { Preventable } from '../../domain/commit/preventable.ts';
import { PermanentError, WriteConflictError } from '../../domain/errors.ts';
import type { Prevention } from '../../domain/notices/prevention.ts';
import {
  filesForPrevention,
  planPrevention,
  preventionTitles,
} from '../../domain/prevention/plan-prevention.ts';
import type { BaseFiles, PreventionPlan } from '../../domain/prevention/prevention-plan.ts';
import type { Repository } from '../../domain/scm/repository.ts';
import type { Scm } from '../../ports/scm/scm.ts';
import type { ScmPullRequest } from '../../ports/scm/scm-changes.ts';
import { preventionBody, preventionTitle } from '../../wording/notices/prevention-body.ts';
import { readText } from '../diagnosis/read-text.ts';

export interface PreventionRequest extends Pick<Prevention, 'fingerprint' | 'service' | 'evidence'> {
  readonly repository: Repository;
  readonly preventable: Preventable;
  /** The issue about the failure; undefined: there is none yet. */
  readonly issueNumber?: number | undefined;
}

export type PreventionOutcome =
  /** There is a pull request, and it is as it should be. */
  | { readonly kind: 'opened' | 'updated' | 'unchanged'; readonly number: number; readonly url: string }
  /** People have decided about it, or work on it: it is theirs. */
  | { readonly kind: 'left-alone'; readonly why: string; readonly url?: string | undefined }
  | { readonly kind: 'not-needed'; readonly why: string };

type Hosts = Pick<Scm, 'commits' | 'changes'>;

/** More is left to people. */
const maxRead = 10;

/**
 * Opens the pull request that prevents a failure, or brings it up to date. Once for each fingerprint: what was closed or
 * merged is not opened again. A branch on which somebody else has committed, and one that people have deleted, is theirs.
 * Idempotent; it remembers nothing and looks at the repository anew each time.
 *
 * @throws {WriteConflictError} somebody pushed meanwhile: call again
 * @throws {UnknownOutcomeError} an answer was lost: call again
 * @throws see `Scm`
 */
export async function proposePrevention(request: PreventionRequest, scm: Hosts): Promise<PreventionOutcome> {
  const { repository, preventable } = request;
  const branch = `deploy-loop/prevent-${request.fingerprint}`;
  const found = await scm.changes.findByBranch(repository, branch);
  if (found && found.state !== 'open')
    return { kind: 'left-alone', why: `the pull request was ${found.state}`, url: found.url };
  const base = found?.base ?? (await scm.commits.defaultBranch(repository));
  const onto = await scm.commits.headOf(repository, base);
  if (onto === undefined) throw new PermanentError(`the branch ${base} has no commit`);
  const head = await scm.commits.headOf(repository, branch);
  if (found && head === undefined)
    return { kind: 'left-alone', why: `the branch ${branch} was deleted`, url: found.url };
  const title = preventionTitles[preventable.kind];
  if (head !== undefined && !(await isOwn(repository, onto, head, title, scm)))
    return { kind: 'left-alone', why: `somebody has committed to ${branch}`, url: found?.url };
  const plan = await planOn(onto, request, scm);
  if (!plan) return withdraw(found, repository, scm);
  const isMoved = head === undefined || !(await holds(head, plan, repository, scm));
  if (isMoved) {
    const draft = { branch, onto, expectedHead: head, message: `${title}\n\n${plan.why}`, files: plan.files };
    await scm.changes.commit(repository, draft);
  }
  return publish(request, plan, { branch, base, found, isMoved }, scm);
}

/** True: the guard made each commit that the branch has beside its base. */
async function isOwn(
  repository: Repository,
  onto: string,
  head: string,
  title: string,
  { commits }: Hosts,
): Promise<boolean> {
  const compared = await commits.compare(repository, onto, head);
  return (
    compared !== undefined &&
    compared.commits.length === compared.aheadBy &&
    compared.commits.every(({ subject }) => subject === title)
  );
}

async function planOn(
  onto: string,
  { repository, preventable }: PreventionRequest,
  { commits }: Hosts,
): Promise<PreventionPlan | undefined> {
  const tree = await commits.listTree(repository, onto);
  if (!tree) return undefined;
  const files = tree.files
    .filter(({ kind }) => kind === 'file' || kind === 'executable')
    .map(({ path, kind }) => ({ path, isExecutable: kind === 'executable' }));
  const unread: BaseFiles = { files, texts: new Map() };
  const wanted = filesForPrevention(preventable, unread);
  if (wanted.length > maxRead) return undefined;
  const texts = await Promise.all(wanted.map((path) => readText(commits, repository, onto, path)));
  return planPrevention(preventable, { files, texts: new Map(wanted.map((path, n) => [path, texts[n]])) });
}

async function holds(
  head: string,
  { files }: PreventionPlan,
  repository: Repository,
  { commits }: Hosts,
): Promise<boolean> {
  const texts = await Promise.all(files.map(({ path }) => readText(commits, repository, head, path)));
  return files.every(({ text }, n) => texts[n] === text);
}

/** The base needs no change any more. */
async function withdraw(
  found: ScmPullRequest | undefined,
  repository: Repository,
  { changes }: Hosts,
): Promise<PreventionOutcome> {
  if (found) await changes.update(repository, found.number, { state: 'closed' });
  return { kind: 'not-needed', why: 'the newest commit needs no such change, or none that is safe' };
}

interface Place {
  readonly branch: string;
  readonly base: string;
  readonly found: ScmPullRequest | undefined;
  /** The branch has a new commit. */
  readonly isMoved: boolean;
}

async function publish(
  request: PreventionRequest,
  plan: PreventionPlan,
  { branch, base, found, isMoved }: Place,
  { changes }: Hosts,
): Promise<PreventionOutcome> {
  const { repository } = request;
  const prevention = preventionOf(request, plan);
  const text = { title: preventionTitle(prevention), body: preventionBody(prevention) };
  const existing = found ?? (await open(repository, { branch, base, ...text }, changes));
  const { number, url } = existing;
  if (!found && isSame(existing, text)) return { kind: 'opened', number, url };
  if (!isSame(existing, text)) await changes.update(repository, number, text);
  else if (!isMoved) return { kind: 'unchanged', number, url };
  return { kind: 'updated', number, url };
}

/** Another worker may have opened it since we looked. */
async function open(
  repository: Repository,
  draft: { readonly branch: string; readonly base: string; readonly title: string; readonly body: string },
  changes: Scm['changes'],
): Promise<ScmPullRequest> {
  try {
    return await changes.open(repository, draft);
  } catch (error) {
    const other =
      error instanceof WriteConflictError ? await changes.findByBranch(repository, draft.branch) : undefined;
    if (other?.state === 'open') return other;
    throw error;
  }
}

function isSame(existing: ScmPullRequest, text: { readonly title: string; readonly body: string }): boolean {
  const plain = (body: string) => body.replaceAll('\r\n', '\n').trim();
  return existing.title === text.title && plain(existing.body) === plain(text.body);
}

function preventionOf(request: PreventionRequest, plan: PreventionPlan): Prevention {
  const { fingerprint, service, evidence, issueNumber, preventable } = request;
  const { changes, why, test, risk, endsCause } = plan;
  const issue = issueNumber === undefined ? undefined : { number: issueNumber, isSolved: endsCause };
  return {
    fingerprint,
    service,
    title: preventionTitles[preventable.kind],
    why,
    changes,
    evidence,
    test,
    risk,
    issue,
  };
}
