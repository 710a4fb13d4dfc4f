import type { CommitComparison } from '../../domain/scm/commit-comparison.ts';
import type { Repository } from '../../domain/scm/repository.ts';
import type { ScmPullRequest } from './scm-changes.ts';

export interface TreeFile {
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'symlink' | 'submodule';
  /** The blob's id; of a submodule: its commit. */
  readonly sha: string;
  /** Bytes; 0 of a submodule. */
  readonly size: number;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  /** GitHub cut the list (100,000 entries or 7 MB): a path that is not in it may exist. */
  readonly isCut: boolean;
}

export type FileContent =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly blobSha: string }
  | { readonly kind: 'too-large'; readonly size: number }
  /** A directory, symbolic link or submodule. */
  | { readonly kind: 'not-a-file' };

/** Reads commits. Nothing here changes anything. */
export interface ScmCommits {
  /** The branch's name. @throws {NotFoundError} no such repository, or the credential does not see it */
  defaultBranch(repository: Repository): Promise<string>;
  /** The commit at the tip of a branch. Undefined: no such branch. */
  headOf(repository: Repository, branch: string): Promise<string | undefined>;
  /**
   * From `base` to `head`, both commit ids; in one call.
   * @returns undefined: one of them is unknown, or they share no history
   */
  compare(repository: Repository, base: string, head: string): Promise<CommitComparison | undefined>;
  /** All files of a commit, in one call. Undefined: unknown commit. */
  listTree(repository: Repository, sha: string): Promise<Tree | undefined>;
  /**
   * The bytes of a file as the commit stores them (line endings included), in one call.
   * @param path from the root, with `/`; one that leaves the root is not found
   * @param maxBytes at most 1,000,000
   * @returns undefined: no such file or commit
   */
  readFile(
    repository: Repository,
    sha: string,
    path: string,
    maxBytes: number,
  ): Promise<FileContent | undefined>;
  /** The pull requests that brought the commit, merged ones first; the open ones that contain it, if none did. */
  pullRequestsOf(repository: Repository, sha: string): Promise<ScmPullRequest[]>;
}
