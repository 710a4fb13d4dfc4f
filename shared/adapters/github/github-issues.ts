import { z } from 'zod';
import { PermanentError } from '../../domain/errors.ts';
import { type Repository, repositoryText } from '../../domain/scm/repository.ts';
import type { ScmIssue, ScmIssueChange, ScmIssues, ScmLabel } from '../../ports/scm/scm-issues.ts';
import { IssueSchema, routed } from './answers.ts';
import type { GithubClient } from './github-client.ts';

const LabelSchema = z.object({ name: z.string() });

/** docs.github.com/rest/issues/issues and /labels */
export class GithubIssues implements ScmIssues {
  readonly #client: GithubClient;
  /** Seen by this process: a label is not asked for before each issue. */
  readonly #labels = new Set<string>();

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async listByLabel(
    repository: Repository,
    label: string,
    { state }: { readonly state?: 'open' | 'closed' } = {},
  ): Promise<ScmIssue[]> {
    const found = await this.#client.list(
      'GET /repos/{owner}/{repo}/issues',
      { ...routed(repository), labels: label, state: state ?? 'all', sort: 'created', direction: 'desc' },
      IssueSchema.array(),
    );
    return found.filter(({ isPullRequest }) => !isPullRequest).map(({ issue }) => issue);
  }

  async get(repository: Repository, number: number): Promise<ScmIssue | undefined> {
    const found = await this.#client.find(
      'GET /repos/{owner}/{repo}/issues/{issue_number}',
      { ...routed(repository), issue_number: number },
      IssueSchema,
    );
    return found?.issue;
  }

  async create(
    repository: Repository,
    draft: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
  ): Promise<ScmIssue> {
    const { title, body, labels } = draft;
    const made = await this.#client.get(
      'POST /repos/{owner}/{repo}/issues',
      { ...routed(repository), title, body, labels: [...labels] },
      IssueSchema,
    );
    return made.issue;
  }

  async update(repository: Repository, number: number, change: ScmIssueChange): Promise<ScmIssue> {
    const { labels, ...texts } = change;
    const changed = await this.#client.get(
      'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
      { ...routed(repository), issue_number: number, ...texts, ...(labels ? { labels: [...labels] } : {}) },
      IssueSchema,
    );
    return changed.issue;
  }

  async ensureLabel(repository: Repository, label: ScmLabel): Promise<void> {
    const key = `${repositoryText(repository)} ${label.name}`;
    if (this.#labels.has(key)) return;
    await this.#makeLabel(repository, label);
    this.#labels.add(key);
  }

  async #makeLabel(repository: Repository, { name, color, description }: ScmLabel): Promise<void> {
    const place = { ...routed(repository), name };
    if (await this.#client.find('GET /repos/{owner}/{repo}/labels/{name}', place, LabelSchema)) return;
    try {
      const draft = { ...place, color, description };
      await this.#client.get('POST /repos/{owner}/{repo}/labels', draft, LabelSchema);
    } catch (error) {
      // Someone else made it meanwhile.
      if (!(error instanceof PermanentError && error.message.includes('already_exists'))) throw error;
    }
  }
}
