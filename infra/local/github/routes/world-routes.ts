import { ApiError, notFound } from '../api-error.ts';
import type { World } from '../route.ts';
import type { Identity, LocalApp } from '../state/identity.ts';
import type { LocalRepository } from '../state/local-repository.ts';
import type { IssueRecord } from '../state/records.ts';

/** docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app */
export function createInstallationToken(world: World, identity: Identity, installation: number, now: Date) {
  const app = assertApp(identity);
  if (app.installationId !== installation) throw notFound();
  if (app.isSuspended) throw new ApiError(403, 'This installation has been suspended');
  const { token, expiresAt } = world.identities.createInstallationToken(app, now);
  const repository_selection = app.repositories ? 'selected' : 'all';
  return {
    token,
    expires_at: expiresAt.toISOString().replace(/\.\d+/, ''),
    permissions: app.permissions,
    repository_selection,
  };
}

/** docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
export function installationOf(identity: Identity, repository: LocalRepository | undefined) {
  const app = assertApp(identity);
  const isInstalled = !app.repositories || app.repositories.includes(repository?.fullName ?? '');
  if (!repository || !isInstalled) throw notFound();
  return { id: app.installationId, app_id: app.appId, app_slug: app.slug, permissions: app.permissions };
}

function assertApp(identity: Identity): LocalApp {
  if (identity.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
  return identity.app;
}

/** How long the search knows nothing of what was written. */
export interface SearchLag {
  readonly lagMs: number;
  readonly now: Date;
}

/**
 * Issues that contain all words of `q`; of its qualifiers `repo:` and `label:`.
 * docs.github.com/rest/search/search#search-issues-and-pull-requests
 */
export function searchIssues(repositories: readonly LocalRepository[], q: string, { lagMs, now }: SearchLag) {
  const words = q.split(/\s+/).filter(Boolean);
  const valuesOf = (name: string) =>
    words.filter((word) => word.startsWith(`${name}:`)).map((word) => word.slice(name.length + 1));
  const texts = words.filter((word) => !/^\w+:/.test(word)).map((word) => word.replaceAll('"', ''));
  const [labels, repos] = [valuesOf('label'), valuesOf('repo')];
  const isFound = ({ title, body, updatedAt, labels: has }: IssueRecord) =>
    updatedAt.getTime() + lagMs <= now.getTime() &&
    labels.every((label) => has.includes(label)) &&
    texts.every((text) => `${title}\n${body}`.includes(text));
  return repositories
    .filter(({ fullName }) => repos.length === 0 || repos.includes(fullName))
    .flatMap((repository) =>
      [...repository.issues.values()].filter(isFound).map((issue) => ({ repository, issue })),
    );
}
