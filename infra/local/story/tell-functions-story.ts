import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseConfig } from '../../../shared/contracts/parse-config.ts';
import { runIdOf } from '../../../shared/domain/ids.ts';
import { LocalCloud } from '../local-cloud.ts';
import { functionNames } from '../pipeline/function-names.ts';
import { LocalPipeline } from '../pipeline/local-pipeline.ts';
import type { Delivery } from '../pubsub/delivery.ts';
import { type LocalDatabase, openDatabase } from './open-database.ts';
import { readTimes } from './read-times.ts';
import { deployBroken, deployGood, describeCloud, tellTimes } from './scenes.ts';
import type { StoryOptions } from './tell-story.ts';
import { Users } from './users.ts';
import { Voice } from './voice.ts';

const configFile = new URL('deploy-loop.yaml', import.meta.url);
const RunsPage = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      verdict: z.string().optional(),
      candidate: z.object({ revision: z.string() }),
    }),
  ),
});

/** The same deploy, through the loop as it is deployed: topics, push subscriptions, functions and a database. */
export async function tellFunctionsStory(options: StoryOptions): Promise<number> {
  const voice = new Voice(options.stdout);
  const profile = options.realistic ? 'realistic' : 'demo';
  await using database = await openDatabase(process.env);
  await using cloud = await LocalCloud.start({ profile, project: 'acme-staging' });
  voice.say(describeCloud(cloud));
  await using pipeline = await LocalPipeline.start({
    cloud,
    profile,
    projectId: `story-${randomBytes(4).toString('hex')}`,
    processes: database.host !== undefined,
    firestoreHost: database.host,
  });
  voice.say(describePipeline(database));

  voice.chapter('1. Revision 1 is deployed, and the functions learn that it is good');
  const { uri } = await deployGood(cloud, voice);
  const { config, digest } = parseConfig(await readFile(configFile, 'utf8'), 'deploy-loop.yaml');
  await pipeline.applyConfig(config, digest);
  await ask(pipeline, '/api/services', voice);

  voice.chapter('2. Revision 2 is deployed: Ready, and broken');
  const users = new Users(uri);
  const bad = await deployBroken(cloud, voice);

  voice.chapter("3. The build's message is on the topic cloud-builds, and each function calls the next");
  const arrivedAt = new Date();
  const startedMs = performance.now();
  const stopListening = pipeline.pubsub.onDelivery((delivery) =>
    voice.say(describeDelivery(delivery, startedMs)),
  );
  await pipeline.idle();
  stopListening();
  const view = await users.leave();

  voice.chapter('4. What was recorded');
  const list = RunsPage.parse(JSON.parse(await ask(pipeline, '/api/runs', voice)));
  for (const { id, verdict, candidate } of list.runs) voice.say(`${id}  ${candidate.revision}  ${verdict}`);
  const times = readTimes(
    await ask(pipeline, `/api/runs/${runIdOf(bad.ref, bad.revision, 1)}`, voice),
    arrivedAt,
  );
  tellTimes(times, view, voice);
  return times.restored ? 0 : 1;
}

function describePipeline(database: LocalDatabase): string {
  const functions = `${functionNames.length} functions behind Pub/Sub push subscriptions`;
  return database.host === undefined
    ? `${functions}, all in this process, their records in memory: without Google's Firestore emulator they could not share any. ${database.missing}`
    : `${functions}, each in a process of its own; their records are in Google's Firestore emulator at ${database.host}.`;
}

function describeDelivery(
  { subscription, attempt, outcome, startedMs, endedMs }: Delivery,
  zeroMs: number,
): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const answer = outcome.kind === 'unanswered' ? outcome.reason : String(outcome.status);
  const again = attempt === 1 ? '' : `, delivery ${attempt}`;
  return `${seconds(startedMs - zeroMs).padStart(7)}  ${subscription}: ${answer} after ${seconds(endedMs - startedMs)}${again}`;
}

/** Shows the request as a command, and gives its answer. */
async function ask(pipeline: LocalPipeline, path: string, voice: Voice): Promise<string> {
  voice.quote(`$ curl -s '${pipeline.urlOf('serve-reports')}${path}'`);
  const { status, text } = await pipeline.ask('serve-reports', { path });
  if (status !== 200) throw new Error(`serve-reports answered ${status}: ${text}`);
  return text;
}
