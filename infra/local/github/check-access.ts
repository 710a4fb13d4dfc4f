import { ApiError, notFound } from './api-error.ts';
import type { Need, Route } from './route.ts';
import type { Identity, Level } from './state/identity.ts';
import type { LocalRepository } from './state/local-repository.ts';

const ranks: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };

/**
 * Whether the identity sees the repository, and may do this there.
 * @returns headers that GitHub sends with every answer to it
 * @throws {ApiError} 404 of what it does not see, 403 of what it may not do
 */
export function checkAccess(
  identity: Identity,
  repository: LocalRepository | undefined,
  { needs, isForApps, method }: Pick<Route, 'needs' | 'isForApps' | 'method'>,
): LocalRepository {
  if (!repository || identity.kind === 'app' || !sees(identity, repository)) throw notFound();
  if (isForApps && identity.kind !== 'installation')
    throw new ApiError(403, 'You must authenticate via a GitHub App.');
  assertMay(identity, needs);
  if (repository.isArchived && method !== 'get')
    throw new ApiError(403, 'Repository was archived so is read-only.');
  return repository;
}

/** @throws {ApiError} 403, naming what it lacks */
export function assertMay(identity: Identity, { permission, level }: Need): void {
  if (identity.kind !== 'app' && may(identity, permission, level)) return;
  const holder = identity.kind === 'installation' ? 'integration' : 'personal access token';
  throw new ApiError(403, `Resource not accessible by ${holder}`, {
    headers: { 'x-accepted-github-permissions': `${permission}=${level}` },
  });
}

function sees(
  identity: Exclude<Identity, { kind: 'app' }>,
  { fullName, isPrivate }: LocalRepository,
): boolean {
  if (identity.kind === 'classic') return !isPrivate || identity.scopes.includes('repo');
  return identity.repositories?.includes(fullName) ?? true;
}

function may(identity: Exclude<Identity, { kind: 'app' }>, permission: string, level: Level): boolean {
  if (identity.kind === 'classic')
    return level === 'read' || identity.scopes.some((scope) => /repo$/.test(scope));
  if (permission === 'metadata') return true;
  const { permissions } = identity;
  const has = Object.hasOwn(permissions, permission) ? permissions[permission] : undefined;
  return has !== undefined && ranks[has] >= ranks[level];
}

/** docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps; of classic tokens only. */
export function identityHeaders(identity: Identity): Record<string, string> {
  if (identity.kind === 'app') return {};
  const expiresAt = identity.kind === 'installation' ? undefined : identity.expiresAt;
  const expiration = expiresAt?.toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
  return {
    ...(identity.kind === 'classic' ? { 'x-oauth-scopes': identity.scopes.join(', ') } : {}),
    ...(expiration ? { 'github-authentication-token-expiration': expiration } : {}),
  };
}
