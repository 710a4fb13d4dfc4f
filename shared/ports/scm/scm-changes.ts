import type { Repository } from '../../domain/scm/repository.ts';

export interface ScmPullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  /** The branch that it brings, and its newest commit. */
  readonly branch: string;
  readonly headSha: string;
  /** The branch that it goes into. */
  readonly base: string;
  readonly url: string;
}

/** What is left out stays as it is. */
export interface PullRequestChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
}

/** A whole text file as it is to be. */
export interface FileWrite {
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

export interface BranchCommit {
  /** Begins with `deploy-loop/`: no other branch is ever written. */
  readonly branch: string;
  /** The commit on which the files are put: the tip of the branch that the pull request goes into. */
  readonly onto: string;
  /** The commit that the branch has now, as this guard made it; undefined: the branch is made. */
  readonly expectedHead: string | undefined;
  readonly message: string;
  /** 1 to 5. */
  readonly files: readonly FileWrite[];
}

/** Proposes changes by pull request. Needs `contents` and `pull requests` write; used only where prevention is on. */
export interface ScmChanges {
  /**
   * One commit with the tree of `onto` and these files. A new branch starts at `onto`; an existing one goes forward to a
   * merge of `expectedHead` and `onto`. No branch is ever forced: a commit of someone else on it is never lost.
   * @returns the new commit
   * @throws {WriteConflictError} the branch exists already, or has another head than expected; nothing was changed
   * @throws {PermanentError} the branch's name or the number of files is not as told, or GitHub refuses it
   */
  commit(repository: Repository, commit: BranchCommit): Promise<string>;
  /**
   * Not idempotent, but GitHub allows only one open pull request per branch and base.
   * @throws {WriteConflictError} there is one already: find it
   * @throws {UnknownOutcomeError} the answer was lost; it may exist
   */
  open(
    repository: Repository,
    draft: { readonly branch: string; readonly base: string; readonly title: string; readonly body: string },
  ): Promise<ScmPullRequest>;
  /** The newest pull request of this repository's branch, open or not. */
  findByBranch(repository: Repository, branch: string): Promise<ScmPullRequest | undefined>;
  /** Idempotent. @throws {NotFoundError} no such pull request */
  update(repository: Repository, number: number, change: PullRequestChange): Promise<ScmPullRequest>;
}
