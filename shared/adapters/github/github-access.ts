import { z } from 'zod';
import type { Repository } from '../../domain/scm/repository.ts';
import type { ScmAccess } from '../../domain/scm/scm-access.ts';
import { AnythingSchema, routed } from './answers.ts';
import type { GithubClient } from './github-client.ts';

const InstallationSchema = z.object({
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
});
const HeadersSchema = z.object({
  /** Only with a classic token, empty if it has no scope. */
  'x-oauth-scopes': z.string().optional(),
  /** Such as `2026-12-01 12:00:00 UTC`. */
  'github-authentication-token-expiration': z.string().optional(),
});

/** docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
export async function readAppAccess(client: GithubClient, repository: Repository): Promise<ScmAccess> {
  const route = 'GET /repos/{owner}/{repo}/installation';
  const { permissions } = await client.get(route, routed(repository), InstallationSchema);
  return { kind: 'app', permissions };
}

/** docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
export async function readTokenAccess(client: GithubClient, repository: Repository): Promise<ScmAccess> {
  const { headers } = await client.call('GET /repos/{owner}/{repo}', routed(repository), AnythingSchema);
  const { 'x-oauth-scopes': scopes, 'github-authentication-token-expiration': expiration } =
    HeadersSchema.parse(headers);
  const expiresAt = readDate(expiration);
  if (scopes === undefined) return { kind: 'fine-grained-token', expiresAt };
  const list = scopes.split(',').map((scope) => scope.trim());
  return { kind: 'classic-token', scopes: list.filter(Boolean), expiresAt };
}

function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
