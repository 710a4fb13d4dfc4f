/** What lies between two commits. */
export interface CommitComparison {
  /**
   * `ahead`: head comes after base; `behind`: base comes after head (an older commit was deployed); `diverged`: neither,
   * the difference is to their merge base; `identical`: the same commit.
   */
  readonly relation: 'ahead' | 'behind' | 'diverged' | 'identical';
  /** How many commits head has that base has not. */
  readonly aheadBy: number;
  readonly behindBy: number;
  /** Oldest first; the first 100. */
  readonly commits: readonly ComparedCommit[];
  /** At most 300, as GitHub lists them. */
  readonly files: readonly ChangedFile[];
  /** GitHub's limit of 300 files was reached: a file that is not listed may have changed too. */
  readonly filesCut: boolean;
  /** The page that shows the comparison. */
  readonly url: string;
}

export interface ComparedCommit {
  readonly sha: string;
  /** The first line of its message, as somebody wrote it. */
  readonly subject: string;
  readonly author: string | undefined;
  readonly at: Date | undefined;
  readonly url: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed' | 'unchanged';
  /** Of a renamed or copied file. */
  readonly previousPath: string | undefined;
  readonly additions: number;
  readonly deletions: number;
  /** Unified diff, cut to `maxPatchLength` characters; undefined for a binary or a too large file. */
  readonly patch: string | undefined;
}

/** Characters of one file's patch that are kept. */
export const maxPatchLength = 8_000;
