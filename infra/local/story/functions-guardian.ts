import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseConfig } from '../../../shared/config/parse-config.ts';
import { RunsDocument } from '../../../shared/contracts/output/run-output.ts';
import { ServicesDocument } from '../../../shared/contracts/output/service-output.ts';
import type { RunId } from '../../../shared/domain/ids.ts';
import { formatTable } from '../../../shared/wording/format-table.ts';
import type { LocalCloud } from '../local-cloud.ts';
import { pushFunctions } from '../pipeline/function-names.ts';
import { LocalPipeline } from '../pipeline/local-pipeline.ts';
import type { ProfileName } from '../profile.ts';
import type { Delivery } from '../pubsub/delivery.ts';
import type { Guardian, GuardianOptions, NextStep } from './guardian.ts';
import { npmCommand, quoteWord } from './npm-command.ts';
import { type LocalDatabase, openDatabase } from './open-database.ts';
import type { Voice } from './voice.ts';

/** The loop as it is deployed: topics, push subscriptions, functions and a database. */
export class FunctionsGuardian implements Guardian {
  readonly introduction: string;
  readonly #cloud: LocalCloud;
  readonly #pipeline: LocalPipeline;
  readonly #database: LocalDatabase;
  readonly #voice: Voice;
  readonly #options: GuardianOptions;

  private constructor(
    cloud: LocalCloud,
    voice: Voice,
    options: GuardianOptions,
    parts: { readonly pipeline: LocalPipeline; readonly database: LocalDatabase },
  ) {
    this.#cloud = cloud;
    this.#voice = voice;
    this.#options = options;
    this.#pipeline = parts.pipeline;
    this.#database = parts.database;
    this.introduction = introduce(parts.database);
  }

  static async open(
    cloud: LocalCloud,
    voice: Voice,
    options: GuardianOptions,
    profile: ProfileName,
  ): Promise<FunctionsGuardian> {
    const database = await openDatabase(process.env);
    const pipeline = await LocalPipeline.start({
      cloud,
      profile,
      projectId: `story-${randomBytes(4).toString('hex')}`,
      processes: database.host !== undefined,
      firestoreHost: database.host,
    });
    return new FunctionsGuardian(cloud, voice, options, { pipeline, database });
  }

  async apply(): Promise<void> {
    this.#voice.say('The functions verify it: probes, checks and a watch, of which nothing is shown.');
    const file = join(this.#options.root, this.#options.config);
    const { config, digest } = parseConfig(await readFile(file, 'utf8'), file);
    await this.#pipeline.applyConfig(config, digest);
    const { services } = ServicesDocument.parse(JSON.parse(await this.#ask('/api/services')));
    for (const { name, lastGood } of services)
      this.#voice.say(`${name}: last good is ${lastGood[0]?.revision ?? 'none yet'}`);
  }

  async hear(): Promise<Date> {
    const arrivedAt = new Date(this.#cloud.messages.published.at(-1)?.publishTime ?? Date.now());
    const startedMs = performance.now() - (Date.now() - arrivedAt.getTime());
    this.#voice.say('Pushes, as they end: sent at, subscription, answer of its function, duration');
    const stopListening = this.#pipeline.pubsub.onDelivery((delivery) =>
      this.#voice.say(describeDelivery(delivery, startedMs)),
    );
    await this.#pipeline.idle();
    // Cloud Scheduler does this each minute.
    await this.#pipeline.sweep();
    await this.#pipeline.idle();
    stopListening();
    return arrivedAt;
  }

  async list(): Promise<void> {
    const { runs } = RunsDocument.parse(JSON.parse(await this.#ask('/api/runs')));
    const rows = runs.map(({ id, verdict, revision }) => [id, revision, verdict ?? 'open']);
    this.#voice.say(formatTable(['RUN', 'REVISION', 'VERDICT'], rows).trimEnd());
  }

  read(runId: RunId): Promise<string> {
    return this.#ask(`/api/runs/${runId}`);
  }

  /** The records are gone at the end. */
  next(): NextStep {
    const { root, caller } = this.#options;
    const config = join(root, 'deploy-loop.example.yaml');
    return {
      command: npmCommand(`validate ${quoteWord(relative(caller, config))}`, root, caller),
      shows: 'a config to start from: copy it, and name your services',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pipeline.stop();
    await this.#database[Symbol.asyncDispose]();
  }

  /** Shows the request as a command, and gives its answer. */
  async #ask(path: string): Promise<string> {
    this.#voice.quote(`$ curl -s '${this.#pipeline.urlOf('serve-reports')}${path}'`);
    const { status, text } = await this.#pipeline.ask('serve-reports', { path });
    if (status !== 200) throw new Error(`serve-reports answered ${status}: ${text}`);
    return text;
  }
}

function introduce(database: LocalDatabase): string {
  const functions = `${pushFunctions.length} functions behind Pub/Sub push subscriptions`;
  return database.host === undefined
    ? `${functions}, all in this process with records in memory, since separate processes need Google's Firestore emulator. ${database.missing}`
    : `${functions}, each in its own process, with records in Google's Firestore emulator at ${database.host}.`;
}

/** One push as a line, with its time after `zeroMs`. */
function describeDelivery(
  { subscription, attempt, outcome, startedMs, endedMs }: Delivery,
  zeroMs: number,
): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const answer = outcome.kind === 'unanswered' ? outcome.reason : describeStatus(outcome.status);
  const again = attempt === 1 ? '' : `, delivery ${attempt}`;
  return `${seconds(Math.max(0, startedMs - zeroMs)).padStart(7)}  ${subscription}: ${answer} after ${seconds(endedMs - startedMs)}${again}`;
}

function describeStatus(status: number): string {
  return status < 300 ? String(status) : `${status} (will be redelivered)`;
}
