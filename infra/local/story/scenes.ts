import type { FinishedBuild } from '../build/local-builds.ts';
import { webContainer } from '../containers/web-container.ts';
import type { LocalCloud } from '../local-cloud.ts';
import type { Deployment } from '../run/deployer.ts';
import type { StoryTimes } from './read-times.ts';
import type { UserView } from './users.ts';
import type { Voice } from './voice.ts';

export function describeCloud({ profile }: LocalCloud): string {
  const seconds = ([from, to]: readonly [number, number]) => `${from / 1000}–${to / 1000} s`;
  return `A local Cloud Run is up (profile ${profile.name}: updates take ${seconds(profile.updateMs)}, traffic spreads over ${seconds(profile.spreadMs)}). No account, nothing leaves this machine.`;
}

export async function deployGood(cloud: LocalCloud, voice: Voice): Promise<Deployment> {
  const finished = await cloud.builds.deploy({ service: 'web', container: webContainer({ HEALTH: 'ok' }) });
  const deployment = onlyOf(finished);
  voice.say(`Cloud Build ${finished.build.status}: ${deployment.revision} serves at ${deployment.uri}`);
  return deployment;
}

/** A revision that Cloud Run calls Ready, and that answers 503 to everyone. */
export async function deployBroken(cloud: LocalCloud, voice: Voice): Promise<Deployment> {
  const container = webContainer({ HEALTH: '503', TRACEBACK: '1' });
  const finished = await cloud.builds.deploy({ service: 'web', container });
  const bad = onlyOf(finished);
  voice.say(
    `Cloud Build ${finished.build.status}: Cloud Run calls ${bad.revision} Ready, since a port was bound. Its log:`,
  );
  for (const entry of cloud.logs(bad.ref, bad.revision).slice(-4)) voice.quote(`  ${entry.text}`);
  return bad;
}

export function tellTimes(times: StoryTimes, view: UserView, voice: Voice): void {
  voice.say(`\ndetected  ${times.detectedSeconds.toFixed(1)} s after the message arrived`);
  voice.say(
    `restored  ${times.restoredSeconds.toFixed(1)} s after the message arrived, read back from Cloud Run`,
  );
  if (view.outageMs === undefined) return;
  voice.say(
    `users     got ${view.failed} errors in ${(view.outageMs / 1000).toFixed(1)} s, ${view.good} good answers around them`,
  );
}

function onlyOf({ deployments }: FinishedBuild): Deployment {
  const [deployment] = deployments;
  if (!deployment) throw new Error('the build deployed nothing');
  return deployment;
}
