import type { Repository } from '../../domain/scm/repository.ts';

export interface ScmIssue {
  readonly number: number;
  readonly title: string;
  /** Empty where there is none. */
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** Names. */
  readonly labels: readonly string[];
  /** The page for people. */
  readonly url: string;
}

/** What is left out stays as it is; `labels` replaces all of them. */
export interface ScmIssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly labels?: readonly string[];
}

export interface ScmLabel {
  /** At most 50 characters. */
  readonly name: string;
  /** Six hex digits without `#`. */
  readonly color: string;
  /** At most 100 characters. */
  readonly description: string;
}

/** Issues of a repository; its pull requests are none of them. */
export interface ScmIssues {
  /**
   * Open and closed, newest first. A list, not a search: an issue is in it as soon as it exists. One call per 100 issues.
   * @param options.state `open` spares the pages of closed ones; default: all
   */
  listByLabel(
    repository: Repository,
    label: string,
    options?: { readonly state?: 'open' | 'closed' },
  ): Promise<ScmIssue[]>;
  /** Undefined: there is none, or it was deleted or moved to another repository. */
  get(repository: Repository, number: number): Promise<ScmIssue | undefined>;
  /**
   * Not idempotent. GitHub makes missing labels itself, without a colour: `ensureLabel` first.
   * @param draft.body at most 65,536 characters
   * @throws {PermanentError} issues are switched off (410), or GitHub refuses the text (422)
   * @throws {UnknownOutcomeError} the answer was lost; it may exist
   */
  create(
    repository: Repository,
    draft: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
  ): Promise<ScmIssue>;
  /** Idempotent. @throws {NotFoundError} it was deleted or moved */
  update(repository: Repository, number: number, change: ScmIssueChange): Promise<ScmIssue>;
  /** Makes the label unless one of its name exists; never changes an existing one. Idempotent. */
  ensureLabel(repository: Repository, label: ScmLabel): Promise<void>;
}
