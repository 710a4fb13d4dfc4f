import type { Scm, ScmConnection, ScmHosts } from '../../ports/scm/scm.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { readAppAccess, readTokenAccess } from './github-access.ts';
import { GithubChanges } from './github-changes.ts';
import { GithubCheckRuns } from './github-check-runs.ts';
import { GithubClient } from './github-client.ts';
import { GithubComments } from './github-comments.ts';
import { GithubCommits } from './github-commits.ts';
import { GithubDeployments } from './github-deployments.ts';
import { GithubIssues } from './github-issues.ts';
import { checkApiUrl, guardedFetch } from './guarded-fetch.ts';
import type { Pace } from './open-octokit.ts';

export interface GithubHostsOptions {
  readonly secrets: Secrets;
  /** Exact pairs (`127.0.0.1:8123`) that may be asked by http; from the environment only. */
  readonly allowedLocalAddresses?: readonly string[];
  /** Of one attempt, its body included. @default 10 s */
  readonly timeoutMs?: number;
  /** @default what GitHub asks for */
  readonly pace?: Pace;
}

/** GitHub and GitHub Enterprise Server, by Octokit, which is loaded at the first call. */
export class GithubHosts implements ScmHosts {
  readonly #options: GithubHostsOptions;
  readonly #known = new Map<string, Scm>();

  constructor(options: GithubHostsOptions) {
    this.#options = options;
  }

  connect(connection: ScmConnection): Scm {
    const key = JSON.stringify([connection.apiUrl, connection.auth]);
    const scm = this.#known.get(key) ?? this.#open(connection);
    this.#known.set(key, scm);
    return scm;
  }

  #open({ apiUrl, auth }: ScmConnection): Scm {
    const { secrets, allowedLocalAddresses = [], timeoutMs = 10_000, pace } = this.#options;
    const url = checkApiUrl(apiUrl, allowedLocalAddresses);
    const fetch = guardedFetch(url.origin, timeoutMs);
    let queues: ReturnType<typeof import('./open-octokit.ts').openQueues> | undefined;
    const client = new GithubClient(async () => {
      const { githubPace, openOctokit, openQueues } = await import('./open-octokit.ts');
      const { retryMs } = pace ?? githubPace;
      queues ??= openQueues(pace ?? githubPace);
      return openOctokit({ apiUrl: url.href.replace(/\/$/, ''), auth, secrets, fetch, queues, retryMs });
    });
    const deployments = new GithubDeployments(client);
    const checkRuns = new GithubCheckRuns(client);
    return {
      issues: new GithubIssues(client),
      comments: new GithubComments(client),
      statuses: {
        ensureDeployment: (repository, draft) => deployments.ensure(repository, draft),
        setDeploymentStatus: (repository, id, status) => deployments.setStatus(repository, id, status),
        putCheckRun: (repository, run) => checkRuns.put(repository, run),
      },
      commits: new GithubCommits(client),
      changes: new GithubChanges(client),
      access: (repository) =>
        auth.kind === 'app' ? readAppAccess(client, repository) : readTokenAccess(client, repository),
    };
  }
}
