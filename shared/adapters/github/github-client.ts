import type { PaginatingEndpoints } from '@octokit/plugin-paginate-rest';
import type { Endpoints } from '@octokit/types';
import type { z } from 'zod';
import {
  CredentialsError,
  type DeployLoopError,
  NotFoundError,
  PermanentError,
} from '../../domain/errors.ts';
import type { GithubOctokit } from './open-octokit.ts';
import { toScmError } from './to-scm-error.ts';

type Route = keyof Endpoints;
type Parameters<R extends Route> = Endpoints[R]['parameters'];

/** An answer that was parsed, and the headers that came with it. */
export interface GithubAnswer<T> {
  readonly data: T;
  readonly headers: Readonly<Record<string, unknown>>;
}

const perPage = 100;
/** 10,000 entries: more is no list that people keep. */
const maxPages = 100;
const movedStatuses: readonly number[] = [301, 302, 307, 308];

/** Calls of one connection: typed by route, parsed by schema, with the errors of the port. */
export class GithubClient {
  readonly #open: () => Promise<GithubOctokit>;
  #octokit: Promise<GithubOctokit> | undefined;

  /** @param open makes the client at the first call, and again after a refused credential */
  constructor(open: () => Promise<GithubOctokit>) {
    this.#open = open;
  }

  /** @throws as `Scm` says; of POST also {UnknownOutcomeError} */
  async call<R extends Route, T>(
    route: R,
    parameters: Parameters<R>,
    schema: z.ZodType<T>,
  ): Promise<GithubAnswer<T>> {
    const octokit = await this.#client(route, parameters);
    try {
      // Octokit's own type of an answer is a promise of GitHub's; the schema reads what came.
      const { status, data, headers } = await octokit.request<Route>(route, parameters);
      assertStays(status, nameOf(route, parameters));
      return { data: schema.parse(data), headers };
    } catch (error) {
      throw this.#explain(error, route, parameters);
    }
  }

  async get<R extends Route, T>(route: R, parameters: Parameters<R>, schema: z.ZodType<T>): Promise<T> {
    return (await this.call(route, parameters, schema)).data;
  }

  /** Undefined: not found, gone or moved. */
  async find<R extends Route, T>(
    route: R,
    parameters: Parameters<R>,
    schema: z.ZodType<T>,
  ): Promise<T | undefined> {
    try {
      return await this.get(route, parameters, schema);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** All pages. @throws {PermanentError} there are more than 10,000 entries */
  async list<R extends Route & keyof PaginatingEndpoints, T>(
    route: R,
    parameters: Parameters<R>,
    schema: z.ZodType<readonly T[]>,
  ): Promise<T[]> {
    const octokit = await this.#client(route, parameters);
    const found: T[] = [];
    let pages = 0;
    try {
      for await (const { status, data } of octokit.paginate.iterator(route, {
        ...parameters,
        per_page: perPage,
      })) {
        assertStays(status, nameOf(route, parameters));
        if (++pages > maxPages) throw new PermanentError(`${nameOf(route, parameters)}: over 10,000 entries`);
        found.push(...schema.parse(data));
      }
      return found;
    } catch (error) {
      throw this.#explain(error, route, parameters);
    }
  }

  #client(route: Route, parameters: object): Promise<GithubOctokit> {
    this.#octokit ??= this.#open().catch((error: unknown) => {
      this.#octokit = undefined;
      throw toScmError(error, nameOf(route, parameters), false);
    });
    return this.#octokit;
  }

  #explain(error: unknown, route: Route, parameters: object): DeployLoopError {
    const explained = toScmError(error, nameOf(route, parameters), route.startsWith('POST '));
    // The next call reads the secret again, and asks for a new installation token.
    if (explained instanceof CredentialsError) this.#octokit = undefined;
    return explained;
  }
}

function nameOf(route: Route, parameters: object): string {
  const { owner, repo } = { owner: '', repo: '', ...parameters };
  return owner ? `${route} of ${owner}/${repo}` : route;
}

/** Redirects are not followed: see `guardedFetch`. */
function assertStays(status: number, call: string): void {
  if (movedStatuses.includes(status)) throw new NotFoundError(`${call}: it has moved; use its present name`);
}
