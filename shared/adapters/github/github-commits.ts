import { z } from 'zod';
import type { CommitComparison } from '../../domain/scm/commit-comparison.ts';
import { isCommitSha, type Repository } from '../../domain/scm/repository.ts';
import type { ScmPullRequest } from '../../ports/scm/scm-changes.ts';
import type { FileContent, ScmCommits, Tree } from '../../ports/scm/scm-commits.ts';
import { PullRequestSchema, routed } from './answers.ts';
import { ComparisonSchema } from './comparison-answer.ts';
import { ContentSchema, contentOf } from './content-answer.ts';
import type { GithubClient } from './github-client.ts';
import { TreeSchema } from './tree-answer.ts';

/** docs.github.com/rest/commits, /repos/contents and /git/trees */
export class GithubCommits implements ScmCommits {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async defaultBranch(repository: Repository): Promise<string> {
    const schema = z.object({ default_branch: z.string() });
    return (await this.#client.get('GET /repos/{owner}/{repo}', routed(repository), schema)).default_branch;
  }

  async headOf(repository: Repository, branch: string): Promise<string | undefined> {
    const schema = z.object({ object: z.object({ sha: z.string() }) });
    const place = { ...routed(repository), ref: `heads/${branch}` };
    return (await this.#client.find('GET /repos/{owner}/{repo}/git/ref/{ref}', place, schema))?.object.sha;
  }

  async compare(repository: Repository, base: string, head: string): Promise<CommitComparison | undefined> {
    if (!isCommitSha(base) || !isCommitSha(head)) return undefined;
    return this.#client.find(
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      { ...routed(repository), basehead: `${base}...${head}`, per_page: 100 },
      ComparisonSchema,
    );
  }

  async listTree(repository: Repository, sha: string): Promise<Tree | undefined> {
    if (!isCommitSha(sha)) return undefined;
    return this.#client.find(
      'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
      { ...routed(repository), tree_sha: sha, recursive: '1' },
      TreeSchema,
    );
  }

  async readFile(
    repository: Repository,
    sha: string,
    path: string,
    maxBytes: number,
  ): Promise<FileContent | undefined> {
    if (!isCommitSha(sha) || !isPathInside(path)) return undefined;
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/contents/{path}',
      { ...routed(repository), path, ref: sha },
      ContentSchema,
    );
    return found && contentOf(found, maxBytes);
  }

  async pullRequestsOf(repository: Repository, sha: string): Promise<ScmPullRequest[]> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls',
      { ...routed(repository), commit_sha: sha },
      PullRequestSchema.array(),
    );
    return (found ?? []).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ state }: ScmPullRequest): number {
  return ['merged', 'open', 'closed'].indexOf(state);
}

/** A part `.` or `..` would leave the route. */
function isPathInside(path: string): boolean {
  return !/\0/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
