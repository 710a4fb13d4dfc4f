import { type FileMode, GitObjects, type TreeEntry } from './git-objects.ts';
import type {
  CheckRunRecord,
  CommentRecord,
  DeploymentRecord,
  IssueRecord,
  LabelRecord,
  PullPart,
} from './records.ts';

/** What a commit does to one file; a text is a file of mode 100644; null removes it. */
export type FileChange = string | Buffer | null | { readonly mode: FileMode; readonly text: string };

export interface RepositoryOptions {
  readonly owner: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly defaultBranch?: string;
}

/** One repository and everything in it. */
export class LocalRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly git = new GitObjects();
  readonly issues = new Map<number, IssueRecord>();
  readonly comments = new Map<number, CommentRecord>();
  readonly labels = new Map<string, LabelRecord>();
  readonly deployments = new Map<number, DeploymentRecord>();
  readonly checkRuns = new Map<number, CheckRunRecord>();
  hasIssues = true;
  isArchived = false;
  readonly nextId: () => number;
  readonly #now: () => Date;
  #lastNumber = 0;

  constructor(options: RepositoryOptions, nextId: () => number, now: () => Date) {
    this.owner = options.owner;
    this.name = options.name;
    this.isPrivate = options.isPrivate ?? true;
    this.defaultBranch = options.defaultBranch ?? 'main';
    this.nextId = nextId;
    this.id = nextId();
    this.#now = now;
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** Commits on a branch, made at its first commit. @returns the commit's id */
  commit(
    changes: Readonly<Record<string, FileChange>>,
    options: { readonly branch?: string; readonly message?: string; readonly from?: string } = {},
  ): string {
    const { branch = this.defaultBranch, message = 'Change', from } = options;
    const parent = this.git.branches.get(branch) ?? from;
    const files = new Map<string, TreeEntry>(parent ? this.git.tree(parent) : []);
    for (const [path, change] of Object.entries(changes)) {
      if (change === null) files.delete(path);
      else files.set(path, this.#entryOf(change));
    }
    const tree = this.git.addTree(files);
    const parents = parent ? [parent] : [];
    const { sha } = this.git.addCommit({ tree, parents, message, author: 'A developer', at: this.#now() });
    this.git.branches.set(branch, sha);
    return sha;
  }

  #entryOf(change: Exclude<FileChange, null>): TreeEntry {
    const isPlain = typeof change === 'string' || Buffer.isBuffer(change);
    const bytes = Buffer.from(isPlain ? change : change.text);
    return { mode: isPlain ? '100644' : change.mode, sha: this.git.addBlob(bytes) };
  }

  addIssue(
    draft: Pick<IssueRecord, 'title' | 'body' | 'author'> & { readonly labels?: readonly string[] },
    pull?: PullPart,
  ): IssueRecord {
    const now = this.#now();
    const issue: IssueRecord = {
      id: this.nextId(),
      number: ++this.#lastNumber,
      title: draft.title,
      body: draft.body,
      state: 'open',
      labels: (draft.labels ?? []).map((name) => this.ensureLabel(name).name),
      author: draft.author,
      createdAt: now,
      updatedAt: now,
      ...(pull ? { pull } : {}),
    };
    this.issues.set(issue.number, issue);
    return issue;
  }

  /** As GitHub makes a label that an issue names and nobody made. */
  ensureLabel(name: string): LabelRecord {
    const key = name.toLowerCase();
    const label = this.labels.get(key) ?? { id: this.nextId(), name, color: 'ededed', description: null };
    this.labels.set(key, label);
    return label;
  }

  /** Brings a pull request into its base by a merge commit, as a person would. */
  merge(number: number): string {
    const issue = this.issues.get(number);
    const head = issue?.pull && this.git.branches.get(issue.pull.head);
    const base = issue?.pull && this.git.branches.get(issue.pull.base);
    if (!issue?.pull || !head || !base) throw new RangeError(`no open pull request ${number}`);
    const tree = this.git.commit(head)?.tree ?? '';
    const message = `Merge pull request #${number}`;
    const merged = this.git.addCommit({
      tree,
      parents: [base, head],
      message,
      author: 'A developer',
      at: this.#now(),
    });
    this.git.branches.set(issue.pull.base, merged.sha);
    issue.pull.mergedAt = this.#now();
    issue.pull.mergeSha = merged.sha;
    issue.state = 'closed';
    return merged.sha;
  }
}
