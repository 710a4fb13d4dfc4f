import { GithubFaults } from './github-faults.ts';
import { Identities } from './state/identities.ts';
import { LocalRepository, type RepositoryOptions } from './state/local-repository.ts';
import { githubLimits, type Limits, RateLimits } from './state/rate-limits.ts';

/** One call that was answered, or cut off. */
export interface SeenCall {
  /** `METHOD /path`, without `/api/v3` and query. */
  readonly call: string;
  readonly status: number;
  readonly at: Date;
}

/** Everything that the server keeps. */
export class ServerState {
  readonly identities = new Identities();
  readonly faults = new GithubFaults();
  readonly limits: RateLimits;
  readonly calls: SeenCall[] = [];
  readonly repositories = new Map<string, LocalRepository>();
  readonly now: () => Date;
  readonly searchLagMs: number;
  apiUrl = '';
  pageUrl = '';
  #lastId = 0;
  #requests = 0;

  constructor(options: {
    readonly now: () => Date;
    readonly limits: Partial<Limits>;
    readonly searchLagMs: number;
  }) {
    this.now = options.now;
    this.limits = new RateLimits({ ...githubLimits, ...options.limits });
    this.searchLagMs = options.searchLagMs;
  }

  addRepository(options: RepositoryOptions): LocalRepository {
    const repository = new LocalRepository(options, () => ++this.#lastId, this.now);
    this.repositories.set(repository.fullName.toLowerCase(), repository);
    return repository;
  }

  /** GitHub's names differ by more than case. */
  find(fullName: string): LocalRepository | undefined {
    return this.repositories.get(fullName.toLowerCase());
  }

  nextRequestId(): string {
    return `LOCAL:${(++this.#requests).toString(16).toUpperCase()}`;
  }
}
