import type { z } from 'zod';
import type { Identities } from './state/identities.ts';
import type { Identity, Level } from './state/identity.ts';
import type { LocalRepository } from './state/local-repository.ts';

/** What a route may look at and change. */
export interface Call {
  readonly repository: LocalRepository;
  readonly identity: Identity;
  /** The login under which it writes. */
  readonly login: string;
  readonly now: Date;
  /** Where the API is served, without `/` at its end. */
  readonly apiUrl: string;
  /** Where people look, without `/` at its end. */
  readonly pageUrl: string;
  /** A part of the path, decoded. */
  part(name: string): string;
  number(name: string): number;
  /** Of the query. */
  query(name: string): string | undefined;
  /** @throws {ApiError} 403, if it may not do this too */
  assertMay(need: Need): void;
  /** @throws {ApiError} 422, if the body is not as the schema says */
  body<T>(schema: z.ZodType<T>): T;
}

export interface Reply {
  readonly status: 200 | 201 | 204 | 301;
  readonly body: unknown;
  /** The body is a list, sent page by page. `wrapped`: under this name, beside `total_count`. */
  readonly list?: { readonly wrapped?: string };
}

export interface Need {
  /** As GitHub names it, such as `issues`. */
  readonly permission: string;
  readonly level: Level;
}

/** One endpoint below `/repos/:owner/:repo`. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly needs: Need;
  /** GitHub lets no person do it. */
  readonly isForApps?: boolean;
  handle(call: Call): Reply;
}

/** What the endpoints outside of a repository get. */
export interface World {
  readonly identities: Identities;
  readonly repositories: ReadonlyMap<string, LocalRepository>;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export function list(body: readonly unknown[], wrapped?: string): Reply {
  return { status: 200, body, list: wrapped === undefined ? {} : { wrapped } };
}
