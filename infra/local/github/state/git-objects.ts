import { createHash } from 'node:crypto';

export type FileMode = '100644' | '100755' | '120000' | '160000';

export interface TreeEntry {
  readonly mode: FileMode;
  /** Of a blob; of a submodule, its commit. */
  readonly sha: string;
}

/** All files of a commit by path: directories are not kept as trees of their own. */
export type FlatTree = ReadonlyMap<string, TreeEntry>;

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: string;
  readonly at: Date;
}

/** Blobs, trees, commits and branches. Blobs have git's own ids; trees and commits have ids of the same shape. */
export class GitObjects {
  readonly #blobs = new Map<string, Buffer>();
  readonly #trees = new Map<string, FlatTree>();
  readonly #commits = new Map<string, Commit>();
  readonly branches = new Map<string, string>();

  addBlob(bytes: Buffer): string {
    const sha = hashOf('blob', bytes);
    this.#blobs.set(sha, bytes);
    return sha;
  }

  addTree(files: FlatTree): string {
    const lines = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
    const sha = hashOf('tree', Buffer.from(JSON.stringify(lines)));
    this.#trees.set(sha, new Map(lines));
    return sha;
  }

  addCommit(commit: Omit<Commit, 'sha'>): Commit {
    const sha = hashOf('commit', Buffer.from(JSON.stringify(commit)));
    const made = { sha, ...commit };
    this.#commits.set(sha, made);
    return made;
  }

  blob(sha: string): Buffer | undefined {
    return this.#blobs.get(sha);
  }

  commit(sha: string): Commit | undefined {
    return this.#commits.get(sha);
  }

  /** @param sha of a tree or of a commit, as GitHub takes both */
  tree(sha: string): FlatTree | undefined {
    return this.#trees.get(this.#commits.get(sha)?.tree ?? sha);
  }

  /** The commit and all that come before it, nearest first. */
  history(sha: string): readonly Commit[] {
    const seen = new Set<string>();
    const found: Commit[] = [];
    const next = [sha];
    for (let at = next.shift(); at !== undefined; at = next.shift()) {
      const commit = this.#commits.get(at);
      if (!commit || seen.has(at)) continue;
      seen.add(at);
      found.push(commit);
      next.push(...commit.parents);
    }
    return found;
  }

  isAncestor(older: string, newer: string): boolean {
    return this.history(newer).some(({ sha }) => sha === older);
  }
}

function hashOf(kind: string, bytes: Buffer): string {
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
}
