import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { runCli } from '../../../shared/cli/run-cli.ts';
import { webContainer } from '../containers/web-container.ts';
import { LocalCloud } from '../local-cloud.ts';
import { readTimes } from './read-times.ts';
import { Users } from './users.ts';

export interface StoryOptions {
  /** True: delays as on Google's Cloud Run. False: the demo profile, a few times faster. */
  readonly realistic: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly isTty: boolean;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, '.deploy-loop');
const config = 'infra/local/story/deploy-loop.yaml';

/** Plays a broken deploy on a local Cloud Run, from the first good revision to the record of the rollback. */
export async function tellStory(options: StoryOptions): Promise<number> {
  const say = (text: string) => options.stdout.write(`${text}\n`);
  const chapter = (text: string) => say(`\n${styleText('bold', text, { stream: options.stdout })}`);
  const records = await emptyRecords();
  const profile = options.realistic ? 'realistic' : 'demo';

  await using cloud = await LocalCloud.start({ profile, project: 'acme-staging' });
  const env = {
    DEPLOY_LOOP_CLOUD_ENDPOINT: `${cloud.endpoint.host}:${cloud.endpoint.port}`,
    DEPLOY_LOOP_LOCAL_ADDRESSES: `127.0.0.1:${cloud.httpPort}`,
  };
  const cli = (args: readonly string[], stdout: { write(text: string): unknown } = options.stdout) => {
    if (stdout === options.stdout)
      say(styleText('dim', `$ deploy-loop ${args.join(' ')}`, { stream: options.stdout }));
    const isTty = options.isTty && stdout === options.stdout;
    return runCli(args, { stdout, stderr: options.stderr, env, cwd: root, isTty });
  };

  say(
    `A local Cloud Run is up (profile ${profile}: ${describeProfile(cloud)}). No account, nothing leaves this machine.`,
  );

  chapter('1. Revision 1 is deployed, and the guard learns that it is good');
  const first = await cloud.builds.deploy({ service: 'web', container: webContainer({ HEALTH: 'ok' }) });
  say(
    `Cloud Build ${first.build.status}: ${first.deployments[0]?.revision} serves at ${first.deployments[0]?.uri}`,
  );
  await cli(['apply', config, '--records', records]);

  chapter('2. Revision 2 is deployed: Ready, and broken');
  const users = new Users(first.deployments[0]?.uri ?? '');
  const broken = webContainer({ HEALTH: '503', TRACEBACK: '1' });
  const second = await cloud.builds.deploy({ service: 'web', container: broken });
  const [bad] = second.deployments;
  if (!bad) throw new Error('the build deployed nothing');
  say(
    `Cloud Build ${second.build.status}: Cloud Run calls ${bad.revision} Ready, since a port was bound. Its log:`,
  );
  for (const entry of cloud.logs(bad.ref, bad.revision).slice(-4))
    say(styleText('dim', `  ${entry.text}`, { stream: options.stdout }));

  chapter("3. The build's message arrives");
  const arrivedAt = new Date();
  const message = join(folder, 'message.json');
  await writeFile(message, JSON.stringify(cloud.messages.published.at(-1), undefined, 2));
  await cli(['guard', '--message', relative(root, message), '--config', config, '--records', records]);
  const view = await users.leave();

  chapter('4. What was recorded');
  const times = await readTimes(bad.ref, bad.revision, arrivedAt, (args, stdout) =>
    cli([...args, '--records', records], stdout),
  );
  await cli(['runs', '--records', records]);
  say(`\ndetected  ${times.detectedSeconds.toFixed(1)} s after the message arrived`);
  say(`restored  ${times.restoredSeconds.toFixed(1)} s after the message arrived, read back from Cloud Run`);
  if (view.outageMs !== undefined) {
    say(
      `users     got ${view.failed} errors in ${(view.outageMs / 1000).toFixed(1)} s, ${view.good} good answers around them`,
    );
  }
  say('\nAsk for all of it:');
  say(`  npm run -s deploy-loop -- show ${times.runId} --records ${records}`);
  return times.restored ? 0 : 1;
}

async function emptyRecords(): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'story.json');
  await rm(file, { force: true });
  return relative(root, file);
}

function describeProfile({ profile }: LocalCloud): string {
  const seconds = ([from, to]: readonly [number, number]) => `${from / 1000}–${to / 1000} s`;
  return `updates take ${seconds(profile.updateMs)}, traffic spreads over ${seconds(profile.spreadMs)}`;
}
