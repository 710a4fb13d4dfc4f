import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../shared/cli/run-cli.ts';
import { runIdOf } from '../../../shared/domain/ids.ts';
import { LocalCloud } from '../local-cloud.ts';
import { readTimes } from './read-times.ts';
import { deployBroken, deployGood, describeCloud, tellTimes } from './scenes.ts';
import { Users } from './users.ts';
import { Voice } from './voice.ts';

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
  const voice = new Voice(options.stdout);
  const records = await emptyRecords();
  const profile = options.realistic ? 'realistic' : 'demo';

  await using cloud = await LocalCloud.start({ profile, project: 'acme-staging' });
  const env = {
    DEPLOY_LOOP_CLOUD_ENDPOINT: `${cloud.endpoint.host}:${cloud.endpoint.port}`,
    DEPLOY_LOOP_LOCAL_ADDRESSES: `127.0.0.1:${cloud.httpPort}`,
  };
  const cli = (args: readonly string[], stdout: { write(text: string): unknown } = options.stdout) => {
    if (stdout === options.stdout) voice.quote(`$ deploy-loop ${args.join(' ')}`);
    const isTty = options.isTty && stdout === options.stdout;
    return runCli(args, { stdout, stderr: options.stderr, env, cwd: root, isTty });
  };
  voice.say(describeCloud(cloud));

  voice.chapter('1. Revision 1 is deployed, and the guard learns that it is good');
  const { uri } = await deployGood(cloud, voice);
  await cli(['apply', config, '--records', records]);

  voice.chapter('2. Revision 2 is deployed: Ready, and broken');
  const users = new Users(uri);
  const bad = await deployBroken(cloud, voice);

  voice.chapter("3. The build's message arrives");
  const arrivedAt = new Date();
  const message = join(folder, 'message.json');
  await writeFile(message, JSON.stringify(cloud.messages.published.at(-1), undefined, 2));
  await cli(['guard', '--message', relative(root, message), '--config', config, '--records', records]);
  const view = await users.leave();

  voice.chapter('4. What was recorded');
  const runId = runIdOf(bad.ref, bad.revision, 1);
  let report = '';
  await cli(['show', runId, '--json', '--records', records], { write: (chunk) => (report += chunk) });
  const times = readTimes(report, arrivedAt);
  await cli(['runs', '--records', records]);
  tellTimes(times, view, voice);
  voice.say('\nAsk for all of it:');
  voice.say(`  npm run -s deploy-loop -- show ${runId} --records ${records}`);
  return times.restored ? 0 : 1;
}

async function emptyRecords(): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'story.json');
  await rm(file, { force: true });
  return relative(root, file);
}
