import type { ServiceConfig } from '../../../shared/contracts/config.ts';
import { documentIn } from '../../../shared/contracts/document.ts';
import { GithubSchema } from '../../../shared/contracts/notices/github-config.ts';
import { issues, type NoticeRecord, notices } from '../../../shared/contracts/records.ts';
import type { RunNoticeKind } from '../../../shared/domain/notices/notice.ts';
import { aServiceConfig, type ServiceChanges } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import type { World } from '../../world/world.ts';

export const commit = 'c0ffee0123456789c0ffee0123456789c0ffee01';

/** A service whose repository is told of everything. */
export function aToldService({
  github = {},
  ...changes
}: Omit<ServiceChanges, 'github'> & { github?: object } = {}): ServiceConfig {
  return aServiceConfig({
    github: GithubSchema.parse({
      repo: 'acme/shop',
      auth: { appId: 1, installationId: 2, privateKey: { env: 'GITHUB_KEY' } },
      ...github,
    }),
    ...changes,
  });
}

/** Deploys a revision by a build of `commit`, and lets the loop finish. */
export async function deploy(world: World, revision: string, isGood: boolean, sha = commit): Promise<void> {
  const name = world.deployByBuild(revision, isGood ? {} : { behaviour: answers.unavailable });
  const build = world.cloud.builds.get(name);
  if (build) world.cloud.builds.set(name, { ...build, substitutions: { COMMIT_SHA: sha } });
  await world.finishBuild(name);
}

export async function noticeOf(
  world: World,
  revision: string,
  kind: RunNoticeKind,
  attempt = 1,
): Promise<NoticeRecord | undefined> {
  const id = `${world.runIdOf(revision, attempt)}.${kind}`;
  return (await world.store.get(documentIn(notices, id)))?.data;
}

export async function allNotices(world: World) {
  return world.store.find({ collection: notices, where: [], limit: 1000 });
}

export async function allIssues(world: World) {
  return world.store.find({ collection: issues, where: [], limit: 1000 });
}
