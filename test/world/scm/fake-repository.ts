import { WriteConflictError } from '../../../shared/domain/errors.ts';
import type {
  ChangedFile,
  CommitComparison,
  ComparedCommit,
} from '../../../shared/domain/scm/commit-comparison.ts';
import type { Repository } from '../../../shared/domain/scm/repository.ts';
import type {
  BranchCommit,
  PullRequestChange,
  ScmChanges,
  ScmPullRequest,
} from '../../../shared/ports/scm/scm-changes.ts';
import type { FileContent, ScmCommits, Tree } from '../../../shared/ports/scm/scm-commits.ts';

export const shop: Repository = { owner: 'acme', name: 'shop' };

interface Commit {
  readonly parents: readonly string[];
  readonly subject: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A repository in memory, with its branches and pull requests; it counts the calls. */
export class FakeRepository {
  readonly commitsBySha = new Map<string, Commit>();
  readonly branches = new Map<string, string>();
  readonly pulls: ScmPullRequest[] = [];
  readonly executables = new Set<string>();
  readonly calls: string[] = [];
  /** Thrown by each call, if set. */
  fault: Error | undefined;

  /** A commit on a branch with these files, beside those that it had; `undefined` removes one. @returns its id */
  push(branch: string, subject: string, files: Readonly<Record<string, string | undefined>>): string {
    const parent = this.branches.get(branch);
    const next = new Map(parent === undefined ? [] : this.#at(parent).files);
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) next.delete(path);
      else next.set(path, text);
    }
    const sha = this.#add({ parents: parent === undefined ? [] : [parent], subject, files: next });
    this.branches.set(branch, sha);
    return sha;
  }

  textAt(branch: string, path: string): string | undefined {
    return this.#at(this.branches.get(branch) ?? '').files.get(path);
  }

  merge(number: number): void {
    const at = this.pulls.findIndex((pull) => pull.number === number);
    const pull = this.pulls[at];
    if (pull) this.pulls[at] = { ...pull, state: 'merged' };
  }

  readonly commits: ScmCommits = {
    defaultBranch: async () => this.#called('defaultBranch', 'main'),
    headOf: async (_repository, branch) => this.#called('headOf', this.branches.get(branch)),
    compare: async (_repository, base, head) => this.#called('compare', this.#compare(base, head)),
    listTree: async (_repository, sha) => this.#called('listTree', this.#tree(sha)),
    readFile: async (_repository, sha, path, maxBytes) =>
      this.#called(`readFile ${path}`, this.#read(sha, path, maxBytes)),
    pullRequestsOf: async () => this.#called('pullRequestsOf', []),
  };

  readonly changes: ScmChanges = {
    commit: async (_repository, commit) => this.#called('commit', this.#commit(commit)),
    open: async (_repository, draft) => {
      this.#called('open', undefined);
      if (this.pulls.some(({ branch, state }) => branch === draft.branch && state === 'open'))
        throw new WriteConflictError('A pull request already exists');
      const number = 100 + this.pulls.length;
      this.pulls.push({
        ...draft,
        number,
        state: 'open',
        headSha: '',
        url: `https://github.com/acme/shop/pull/${number}`,
      });
      return this.#pull(number);
    },
    findByBranch: async (_repository, branch) => {
      const found = this.pulls.findLast((pull) => pull.branch === branch);
      return this.#called('findByBranch', found && this.#pull(found.number));
    },
    update: async (_repository, number, change) => this.#called('update', this.#update(number, change)),
  };

  #called<T>(what: string, answer: T): T {
    this.calls.push(what);
    if (this.fault) throw this.fault;
    return answer;
  }

  #at(sha: string): Commit {
    return this.commitsBySha.get(sha) ?? { parents: [], subject: '', files: new Map() };
  }

  #add(commit: Commit): string {
    const sha = String(this.commitsBySha.size + 1).padStart(40, 'c');
    this.commitsBySha.set(sha, commit);
    return sha;
  }

  #tree(sha: string): Tree | undefined {
    const commit = this.commitsBySha.get(sha);
    if (!commit) return undefined;
    const files = [...commit.files].map(([path, text]) => ({
      path,
      kind: this.executables.has(path) ? ('executable' as const) : ('file' as const),
      sha: `blob-${text}`,
      size: text.length,
    }));
    return { files, isCut: false };
  }

  #read(sha: string, path: string, maxBytes: number): FileContent | undefined {
    const text = this.commitsBySha.get(sha)?.files.get(path);
    if (text === undefined) return undefined;
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > maxBytes) return { kind: 'too-large', size: bytes.length };
    return { kind: 'file', bytes, blobSha: `blob-${text}` };
  }

  #historyOf(sha: string): ReadonlySet<string> {
    const seen = new Set<string>();
    const walk = (at: string) => {
      if (seen.has(at)) return;
      seen.add(at);
      for (const parent of this.#at(at).parents) walk(parent);
    };
    walk(sha);
    return seen;
  }

  #compare(base: string, head: string): CommitComparison | undefined {
    if (!this.commitsBySha.has(base) || !this.commitsBySha.has(head)) return undefined;
    const [ofBase, ofHead] = [this.#historyOf(base), this.#historyOf(head)];
    const ahead = [...ofHead].filter((sha) => !ofBase.has(sha)).sort();
    const behindBy = [...ofBase].filter((sha) => !ofHead.has(sha)).length;
    const relation =
      base === head ? 'identical' : behindBy === 0 ? 'ahead' : ahead.length === 0 ? 'behind' : 'diverged';
    const commits = ahead.map(
      (sha): ComparedCommit => ({
        sha,
        subject: this.#at(sha).subject,
        author: 'someone',
        at: undefined,
        url: '',
      }),
    );
    const files = relation === 'behind' ? [] : this.#changedFiles(base, head);
    return { relation, aheadBy: ahead.length, behindBy, commits, files, filesCut: false, url: '' };
  }

  #changedFiles(base: string, head: string): ChangedFile[] {
    const [before, after] = [this.#at(base).files, this.#at(head).files];
    return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path): ChangedFile[] => {
      const [old, now] = [before.get(path), after.get(path)];
      if (old === now) return [];
      const status = old === undefined ? 'added' : now === undefined ? 'removed' : 'modified';
      const patch = patchOf(old ?? '', now ?? '');
      const count = (sign: string) => patch.split('\n').filter((line) => line.startsWith(sign)).length;
      return [{ path, status, previousPath: undefined, additions: count('+'), deletions: count('-'), patch }];
    });
  }

  #commit({ branch, onto, expectedHead, message, files }: BranchCommit): string {
    if (this.branches.get(branch) !== expectedHead)
      throw new WriteConflictError('Update is not a fast forward');
    const next = new Map(this.#at(onto).files);
    for (const { path, text } of files) next.set(path, text);
    for (const { path, executable } of files) if (executable) this.executables.add(path);
    const parents = expectedHead === undefined ? [onto] : [expectedHead, onto];
    const sha = this.#add({ parents, subject: message.split('\n')[0] ?? '', files: next });
    this.branches.set(branch, sha);
    return sha;
  }

  #pull(number: number): ScmPullRequest {
    const pull = this.pulls.find((one) => one.number === number);
    if (!pull) throw new Error(`no pull request ${number}`);
    return { ...pull, headSha: this.branches.get(pull.branch) ?? '' };
  }

  #update(number: number, change: PullRequestChange): ScmPullRequest {
    const at = this.pulls.findIndex((pull) => pull.number === number);
    this.pulls[at] = { ...this.#pull(number), ...change };
    return this.#pull(number);
  }
}

/** One hunk: the lines that both have at their ends, and between them what was taken away and added. */
function patchOf(before: string, after: string): string {
  const [old, now] = [linesIn(before), linesIn(after)];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const removed = old.slice(start, old.length - end).map((line) => `-${line}`);
  const added = now.slice(start, now.length - end).map((line) => `+${line}`);
  return [`@@ -${start + 1},${removed.length} +${start + 1},${added.length} @@`, ...removed, ...added].join(
    '\n',
  );
}

function linesIn(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
