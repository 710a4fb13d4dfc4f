import { NotFoundError } from '../../shared/domain/errors.ts';
import type { Repository } from '../../shared/domain/scm/repository.ts';
import { repositoryText } from '../../shared/domain/scm/repository.ts';
import type { Scm, ScmConnection, ScmHosts } from '../../shared/ports/scm/scm.ts';
import type { ScmPullRequest } from '../../shared/ports/scm/scm-changes.ts';
import type { ScmComment } from '../../shared/ports/scm/scm-comments.ts';
import type { ScmIssue } from '../../shared/ports/scm/scm-issues.ts';
import type { CheckRun, DeploymentDraft, DeploymentStatus } from '../../shared/ports/scm/scm-statuses.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The name of a call: `issues.create`. */
export type ScmCall = `${'issues' | 'comments' | 'statuses' | 'commits'}.${string}`;

/** A host of repositories in memory, which tells of each call. It answers at once. */
export class FakeScm implements ScmHosts {
  readonly calls: ScmCall[] = [];
  readonly connections: ScmConnection[] = [];
  readonly issues: Mutable<ScmIssue>[] = [];
  readonly comments: (Mutable<ScmComment> & { readonly issue: number })[] = [];
  readonly deployments: (DeploymentDraft & { readonly statuses: DeploymentStatus[] })[] = [];
  readonly checkRuns = new Map<string, CheckRun>();
  readonly pulls = new Map<string, ScmPullRequest[]>();
  /** Asked before a call takes effect; what it throws is the answer. */
  before: (call: ScmCall) => void | Promise<void> = () => {};
  /** Asked after a call has taken effect; what it throws is the answer. */
  after: (call: ScmCall) => void | Promise<void> = () => {};
  #comments = 0;

  /** How often these were called. */
  count(...calls: ScmCall[]): number {
    return this.calls.filter((call) => calls.includes(call)).length;
  }

  connect(connection: ScmConnection): Scm {
    this.connections.push(connection);
    const call = async <T>(name: ScmCall, work: () => T): Promise<T> => {
      this.calls.push(name);
      await this.before(name);
      const result = work();
      await this.after(name);
      return structuredClone(result);
    };
    return {
      issues: {
        listByLabel: (_repository, label, { state } = {}) =>
          call('issues.listByLabel', () =>
            this.issues
              .filter((issue) => issue.labels.includes(label) && (state ?? issue.state) === issue.state)
              .toReversed(),
          ),
        get: (_repository, number) =>
          call('issues.get', () => this.issues.find((issue) => issue.number === number)),
        create: (repository, draft) => call('issues.create', () => this.#add(repository, draft)),
        update: (_repository, number, change) =>
          call('issues.update', () => Object.assign(this.#issue(number), change)),
        ensureLabel: () => call('issues.ensureLabel', () => {}),
      },
      comments: {
        list: (_repository, number) =>
          call('comments.list', () => this.comments.filter(({ issue }) => issue === number)),
        create: (_repository, number, body) =>
          call('comments.create', () => {
            const id = ++this.#comments;
            const comment = { id, body, author: 'loop[bot]', url: `https://x.test/c/${id}`, issue: number };
            this.comments.push(comment);
            return comment;
          }),
        update: (_repository, id, body) =>
          call('comments.update', () => {
            const comment = this.comments.find((one) => one.id === id);
            if (!comment) throw new NotFoundError(`comment ${id} does not exist`);
            return Object.assign(comment, { body });
          }),
      },
      statuses: {
        ensureDeployment: (_repository, draft) =>
          call('statuses.ensureDeployment', () => {
            const known = this.deployments.findIndex(({ key }) => key === draft.key);
            return known >= 0 ? known + 1 : this.deployments.push({ ...draft, statuses: [] });
          }),
        setDeploymentStatus: (_repository, id, status) =>
          call('statuses.setDeploymentStatus', () => {
            this.deployments[id - 1]?.statuses.push(status);
          }),
        putCheckRun: (_repository, run) =>
          call('statuses.putCheckRun', () => {
            this.checkRuns.set(run.externalId, run);
            return 'https://x.test/check';
          }),
      },
      commits: {
        defaultBranch: () => unasked('defaultBranch'),
        headOf: () => unasked('headOf'),
        compare: () => unasked('compare'),
        listTree: () => unasked('listTree'),
        readFile: () => unasked('readFile'),
        pullRequestsOf: (_repository, sha) => call('commits.pullRequestsOf', () => this.pulls.get(sha) ?? []),
      },
      changes: {
        commit: () => unasked('commit'),
        open: () => unasked('open'),
        findByBranch: () => unasked('findByBranch'),
        update: () => unasked('update'),
      },
      access: () => unasked('access'),
    };
  }

  #add(
    repository: Repository,
    { title, body, labels }: { title: string; body: string; labels: readonly string[] },
  ): ScmIssue {
    const number = this.issues.length + 1;
    const url = `https://github.com/${repositoryText(repository)}/issues/${number}`;
    const issue = { number, title, body, labels, state: 'open' as const, url };
    this.issues.push(issue);
    return issue;
  }

  #issue(number: number): Mutable<ScmIssue> {
    const issue = this.issues.find((one) => one.number === number);
    if (!issue) throw new NotFoundError(`issue ${number} does not exist`);
    return issue;
  }
}

function unasked(what: string): Promise<never> {
  return Promise.reject(new TypeError(`nobody asks for ${what}`));
}
