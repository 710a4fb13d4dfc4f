import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import { type RevisionName, runIdOf } from '../../../shared/domain/ids.ts';
import type { ServiceState } from '../../../shared/domain/service-state.ts';
import { LocalCloud } from '../local-cloud.ts';
import type { ProfileName } from '../profile.ts';
import { CommandLineGuardian } from './command-line-guardian.ts';
import { makeCommits, type StoryCommits } from './commits.ts';
import { FunctionsGuardian } from './functions-guardian.ts';
import type { Guardian, GuardianOptions } from './guardian.ts';
import { readTimes, type StoryTimes } from './read-times.ts';
import { type Figures, reportPromotion, reportRollback } from './report-figures.ts';
import {
  deployBroken,
  deployFix,
  deployGood,
  deployRegression,
  describeCloud,
  type Scene,
} from './scenes.ts';
import { StoryGithub } from './story-github.ts';
import { summarize } from './summarize.ts';
import { Users } from './users.ts';
import { Voice } from './voice.ts';

export interface StoryOptions extends Pick<GuardianOptions, 'stdout' | 'stderr' | 'caller'> {
  /** `realistic`: delays as on Google's Cloud Run; `demo`: a few times faster. */
  readonly profile: ProfileName;
  /** True: through the functions; false: by the command line. */
  readonly functions: boolean;
  /** Below the project. Default: the story's own, by the profile. */
  readonly config?: string;
  /** Where files are left. Default `.deploy-loop` in the project. */
  readonly folder?: string;
  /** Ends the story before its end. */
  readonly signal?: AbortSignal;
}

/** What came of a build's message. */
interface Heard {
  readonly revision: RevisionName;
  readonly after: ServiceState;
  readonly figures: Figures;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Plays three deploys on a local Cloud Run: a broken one that is rolled back, its fix that takes over, and one that only
 * its checks find out. What it has started is gone when it ends, in whichever way.
 *
 * @returns 0: all of it happened
 * @throws the reason of `signal`, once it is aborted
 */
export async function playStory(options: StoryOptions): Promise<number> {
  const { profile, functions, folder = join(root, '.deploy-loop') } = options;
  const voice = new Voice(options.stdout);
  return await closing(await LocalCloud.start({ profile, project: 'acme-staging' }), async (cloud) => {
    voice.say(describeCloud(cloud));
    const file = profile === 'realistic' ? 'deploy-loop.realistic.yaml' : 'deploy-loop.yaml';
    const own: GuardianOptions = { config: `infra/local/story/${file}`, ...options, root, folder };
    const tell = async (opened: Guardian, github?: StoryGithub) =>
      await closing(opened, async (guardian) => {
        options.signal?.throwIfAborted();
        return await Promise.race([play(cloud, guardian, voice, github), stopped(options.signal)]);
      });
    if (functions) return await tell(await FunctionsGuardian.open(cloud, voice, own, profile));
    return await closing(await StoryGithub.start(own), async (github) => {
      const guardian = await CommandLineGuardian.open(cloud, voice, { ...own, github });
      return await tell(guardian, github);
    });
  });
}

/** In place of `await using`, which Node.js 22 does not have. */
async function closing<T extends AsyncDisposable, R>(opened: T, use: (opened: T) => Promise<R>): Promise<R> {
  try {
    return await use(opened);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

/** Never resolves. @throws the reason of the signal */
async function stopped(signal: AbortSignal | undefined): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

async function play(
  cloud: LocalCloud,
  guardian: Guardian,
  voice: Voice,
  github: StoryGithub | undefined,
): Promise<number> {
  const commits = github && makeCommits(github);
  if (guardian.introduction) voice.say(guardian.introduction);
  voice.chapter('1. Revision 1 is deployed and verified');
  const first = await deployGood(cloud, voice, commits?.good);
  await guardian.apply();
  voice.notice('It answered well, passed its checks and was watched: a rollback may go back to it.');
  return await closing(new Users(first.uri), (users) =>
    playOn(cloud, guardian, voice, { first, users, github, commits }),
  );
}

/** From revision 2 on: users ask the service all the while. */
async function playOn(
  cloud: LocalCloud,
  guardian: Guardian,
  voice: Voice,
  {
    first,
    users,
    github,
    commits,
  }: {
    readonly first: Scene;
    readonly users: Users;
    readonly github: StoryGithub | undefined;
    readonly commits: StoryCommits | undefined;
  },
): Promise<number> {
  /** The newest build's message, and what came of it for the revision that it deployed. */
  const hear = async ({ ref, revision }: Scene): Promise<Heard> => {
    const before = await readService(cloud, first);
    const arrivedAt = await guardian.hear();
    const after = await readService(cloud, first);
    const runId = runIdOf(ref, revision, 1);
    const times: StoryTimes = readTimes(await guardian.read(runId), arrivedAt);
    const traffic = { before: describeTraffic(before), after: describeTraffic(after) };
    voice.say('');
    return { revision, after, figures: { times, traffic, users: users.ask() } };
  };

  voice.chapter('2. Revision 2 is deployed: Ready, but broken');
  const bad = await deployBroken(cloud, voice, commits?.broken);
  voice.notice('The build is green and Cloud Run is content, and every user gets an error.');
  voice.chapter('3. The build message arrives: traffic goes back to revision 1');
  const rollback = await hear(bad);
  reportRollback(rollback.figures, 'health', voice);
  if (rollback.figures.times.outcome !== 'restored') return giveUp(rollback.figures.times, voice);
  voice.notice(
    'Revision 1 passed the same probe at the same time: so the deploy is at fault, not a database.',
  );

  voice.chapter('4. Revision 3, the fix, is deployed while traffic is pinned to revision 1');
  const fix = await deployFix(cloud, voice, commits?.fix);
  voice.chapter('5. Its build message arrives: it is tested, promoted and watched');
  const promotion = await hear(fix);
  reportPromotion(promotion.figures, voice);
  const taken = promotion.figures.times.verdict === 'pass' && followsLatest(promotion.after);
  if (!taken) return giveUp(promotion.figures.times, voice);
  voice.notice(
    'It was tested before anybody used it, and the pin is gone: the next deploy gets traffic as usual.',
  );

  voice.chapter('6. Revision 4 is deployed: healthy, but one page is broken');
  const sly = await deployRegression(cloud, voice, commits?.regression);
  voice.notice('No health check finds this.');
  voice.chapter(
    '7. Its build message arrives: a check fails on it and passes on revision 3, so traffic goes back',
  );
  const regression = await hear(sly);
  reportRollback(regression.figures, 'tests', voice);
  if (regression.figures.times.outcome !== 'restored') return giveUp(regression.figures.times, voice);
  voice.notice(
    'The check was retried, then run on revision 3: only what fails here and passes there counts.',
  );

  voice.chapter('8. The records');
  await guardian.list();
  if (github) await showIssues(github, voice);
  voice.chapter('In short');
  summarize({ first, rollback, promotion, regression }, voice);
  const { command, shows } = guardian.next();
  voice.say(`\nNext: ${shows}\n  ${command}`);
  return 0;
}

/** What the developers of the service find on GitHub. */
async function showIssues(github: StoryGithub, voice: Voice): Promise<void> {
  voice.chapter('9. What GitHub was told');
  for (const line of github.describeIssues()) voice.say(line);
  const files = await github.savePages();
  voice.notice(`One issue for each cause, closed by the fix. Open them in a browser: ${files.join(' ')}`);
}

function giveUp({ verdict, outcome }: StoryTimes, voice: Voice): number {
  voice.say(`\nUnexpected result: the run ended with ${verdict}, ${outcome ?? 'nothing done'}.`);
  return 1;
}

async function readService(cloud: LocalCloud, { ref }: Scene): Promise<ServiceState> {
  const run = new GoogleCloudRun({ endpoint: cloud.endpoint });
  try {
    const state = await run.getService(ref);
    if (!state) throw new Error(`no service ${ref.service}`);
    return state;
  } finally {
    await run.close();
  }
}

/** What the service's traffic spec says: `LATEST 100 %, which is web-2 now`, or `web-1 100 %, pinned`. */
function describeTraffic({ traffic, latestReadyRevision }: ServiceState): string {
  const shares = traffic.filter(({ percent }) => percent > 0);
  const [only] = shares;
  if (shares.length === 0 || (shares.length === 1 && only?.revision === undefined))
    return `LATEST 100 %, which is ${latestReadyRevision}`;
  return `${shares.map(({ revision, percent }) => `${revision ?? 'LATEST'} ${percent} %`).join(', ')}, pinned`;
}

/** True: whatever is deployed next gets the traffic, as Cloud Run has it by default. */
function followsLatest({ traffic }: ServiceState): boolean {
  return traffic.every(({ revision, percent }) => percent === 0 || revision === undefined);
}
