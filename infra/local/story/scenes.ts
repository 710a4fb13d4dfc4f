import type { RevisionName, ServiceRef } from '../../../shared/domain/ids.ts';
import type { FinishedBuild } from '../cloud-build/local-builds.ts';
import { type WebBehaviour, webContainer } from '../containers/web-container.ts';
import type { LocalCloud } from '../local-cloud.ts';
import type { Voice } from './voice.ts';

export interface Scene {
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  readonly uri: string;
}

export function describeCloud({ profile }: LocalCloud): string {
  const seconds = ([from, to]: readonly [number, number]) => `${from / 1000}–${to / 1000} s`;
  return `A local Cloud Run is up (profile ${profile.name}: updates take ${seconds(profile.updateMs)}, traffic propagates in ${seconds(profile.propagationMs)}). No account needed; nothing leaves this machine.`;
}

export async function deployGood(cloud: LocalCloud, voice: Voice, commit?: string): Promise<Scene> {
  const { scene, status } = await deploy(cloud, { VERSION: 'v1' }, commit);
  voice.say(`Cloud Build ${status}: ${scene.revision} serves v1 at ${scene.uri}`);
  return scene;
}

/** A revision that Cloud Run calls Ready, and that answers 503 to everyone. */
export async function deployBroken(cloud: LocalCloud, voice: Voice, commit?: string): Promise<Scene> {
  const { scene, status } = await deploy(
    cloud,
    {
      VERSION: 'v2',
      HEALTH: '503',
      PAGES: '503',
      TRACEBACK: '1',
    },
    commit,
  );
  voice.say(
    `Cloud Build ${status}: Cloud Run reports ${scene.revision} as Ready, since it bound a port. Its log:`,
  );
  for (const entry of cloud.logs(scene.ref, scene.revision).slice(-4)) voice.quote(`  ${entry.text}`);
  return scene;
}

/** It gets no traffic yet: that is fixed on the revision which it was rolled back to. */
export async function deployFix(cloud: LocalCloud, voice: Voice, commit?: string): Promise<Scene> {
  const { scene, status } = await deploy(cloud, { VERSION: 'v3' }, commit);
  voice.say(`Cloud Build ${status}: ${scene.revision} is Ready. It has no traffic yet.`);
  return scene;
}

/** Its health is good, and so is nearly every page. */
export async function deployRegression(cloud: LocalCloud, voice: Voice, commit?: string): Promise<Scene> {
  const { scene, status } = await deploy(cloud, { VERSION: 'v4', BROKEN: 'page=checkout' }, commit);
  voice.say(
    `Cloud Build ${status}: ${scene.revision} serves v4. Its health check passes, but its checkout answers 500.`,
  );
  return scene;
}

async function deploy(
  cloud: LocalCloud,
  behaviour: WebBehaviour,
  commitSha: string | undefined,
): Promise<{ readonly scene: Scene; readonly status: FinishedBuild['build']['status'] }> {
  const { build, deployments } = await cloud.builds.deploy({
    service: 'web',
    container: webContainer(behaviour),
    ...(commitSha !== undefined && { commitSha }),
  });
  const [scene] = deployments;
  if (!scene) throw new Error('the build deployed nothing');
  return { scene, status: build.status };
}
