import { z } from 'zod';
import { PermanentError, WriteConflictError } from '../../domain/errors.ts';
import type { Repository } from '../../domain/scm/repository.ts';
import type {
  BranchCommit,
  PullRequestChange,
  ScmChanges,
  ScmPullRequest,
} from '../../ports/scm/scm-changes.ts';
import { AnythingSchema, PullRequestSchema, routed } from './answers.ts';
import type { GithubClient } from './github-client.ts';

const ownBranch = /^deploy-loop\/[a-z0-9][a-z0-9-]{0,99}$/;
const maxFiles = 5;
const ShaSchema = z.object({ sha: z.string() });

/** What GitHub says (422) when a branch or a pull request is not as it was read. */
const conflicts = [
  'Reference already exists',
  'Reference does not exist',
  'Update is not a fast forward',
  'A pull request already exists',
];

/** docs.github.com/rest/git and /pulls */
export class GithubChanges implements ScmChanges {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async commit(repository: Repository, commit: BranchCommit): Promise<string> {
    assertCommit(commit);
    const tree = await this.#makeTree(repository, commit);
    const { branch, onto, expectedHead, message } = commit;
    const parents = [...new Set(expectedHead ? [expectedHead, onto] : [onto])];
    const draft = { ...routed(repository), message, tree, parents };
    const { sha } = await this.#client.get('POST /repos/{owner}/{repo}/git/commits', draft, ShaSchema);
    await this.#moveBranch(repository, branch, sha, expectedHead);
    return sha;
  }

  async #makeTree(repository: Repository, { onto, files }: BranchCommit): Promise<string> {
    const place = routed(repository);
    const base = await this.#client.get(
      'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
      { ...place, commit_sha: onto },
      z.object({ tree: ShaSchema }),
    );
    const tree = files.map(({ path, text, executable }) => ({
      path,
      mode: executable ? ('100755' as const) : ('100644' as const),
      type: 'blob' as const,
      content: text,
    }));
    const draft = { ...place, base_tree: base.tree.sha, tree };
    return (await this.#client.get('POST /repos/{owner}/{repo}/git/trees', draft, ShaSchema)).sha;
  }

  /** Without force, GitHub moves a branch only to a commit that comes after its head: nobody's commit is lost. */
  async #moveBranch(repository: Repository, branch: string, sha: string, head: string | undefined) {
    const place = routed(repository);
    await asConflict(
      head === undefined
        ? this.#client.get(
            'POST /repos/{owner}/{repo}/git/refs',
            { ...place, ref: `refs/heads/${branch}`, sha },
            AnythingSchema,
          )
        : this.#client.get(
            'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
            { ...place, ref: `heads/${branch}`, sha, force: false },
            AnythingSchema,
          ),
    );
  }

  open(
    repository: Repository,
    draft: { readonly branch: string; readonly base: string; readonly title: string; readonly body: string },
  ): Promise<ScmPullRequest> {
    const { branch: head, base, title, body } = draft;
    return asConflict(
      this.#client.get(
        'POST /repos/{owner}/{repo}/pulls',
        { ...routed(repository), head, base, title, body },
        PullRequestSchema,
      ),
    );
  }

  async findByBranch(repository: Repository, branch: string): Promise<ScmPullRequest | undefined> {
    const head = `${repository.owner}:${branch}`;
    const found = await this.#client.get(
      'GET /repos/{owner}/{repo}/pulls',
      { ...routed(repository), head, state: 'all', sort: 'created', direction: 'desc', per_page: 1 },
      PullRequestSchema.array(),
    );
    return found[0];
  }

  update(repository: Repository, number: number, change: PullRequestChange): Promise<ScmPullRequest> {
    return this.#client.get(
      'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
      { ...routed(repository), pull_number: number, ...change },
      PullRequestSchema,
    );
  }
}

function assertCommit({ branch, files }: BranchCommit): void {
  if (!ownBranch.test(branch))
    throw new PermanentError(`not a branch of the guard's own: ${JSON.stringify(branch.slice(0, 120))}`);
  if (files.length < 1 || files.length > maxFiles)
    throw new PermanentError(`a commit changes 1 to ${maxFiles} files, not ${files.length}`);
}

async function asConflict<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof PermanentError && conflicts.some((text) => error.message.includes(text)))
      throw new WriteConflictError(error.message);
    throw error;
  }
}
