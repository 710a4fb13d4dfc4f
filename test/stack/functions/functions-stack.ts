import { randomBytes } from 'node:crypto';
import type { BuildMessage } from '../../../infra/local/cloud-build/build-topic.ts';
import type { BuildOptions, FinishedBuild } from '../../../infra/local/cloud-build/local-builds.ts';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { JobDefinition } from '../../../infra/local/jobs/local-jobs.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { type FunctionName, suiteFunctions } from '../../../infra/local/pipeline/function-names.ts';
import { LocalPipeline } from '../../../infra/local/pipeline/local-pipeline.ts';
import type { PipelineOptions } from '../../../infra/local/pipeline/pipeline-options.ts';
import type { Container } from '../../../infra/local/process/container.ts';
import type { Profile } from '../../../infra/local/profile.ts';
import type { Delivery } from '../../../infra/local/pubsub/delivery.ts';
import type { DeployRequest } from '../../../infra/local/run/deployer.ts';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import { parseConfig } from '../../../shared/config/parse-config.ts';
import { documentIn } from '../../../shared/contracts/document.ts';
import { runs } from '../../../shared/contracts/records.ts';
import { buildTopic } from '../../../shared/contracts/topics.ts';
import { type RevisionName, type RunId, runIdOf, type ServiceRef } from '../../../shared/domain/ids.ts';
import { type ServiceState, servingSplit, type TrafficSplit } from '../../../shared/domain/service-state.ts';
import { listRuns, type RunReport, reportRun } from '../../../shared/services/query-reports.ts';
import { aRef } from '../../builders.ts';
import { type ConfigChanges, configText } from '../config-text.ts';

export type FunctionsStackOptions = Partial<Omit<PipelineOptions, 'cloud' | 'projectId'>> & {
  /** Deployed, and verified good through the functions, before the test begins. Default: `web`. */
  readonly services?: readonly string[];
  /** The same, and only for callers with an ID token. Default: none. */
  readonly private?: readonly string[];
  readonly config?: Omit<ConfigChanges, 'services'>;
  /** Cloud Run jobs that there are before the test begins. Default: none. */
  readonly jobs?: readonly JobDefinition[];
  /** Where the local Cloud Run is to differ from its profile. */
  readonly overrides?: Partial<Profile>;
};

/** For the hook that starts a stack: a dozen processes on a busy machine. */
export const stackStartMs = 120_000;

/** Asked in few tests, so that in the others their processes are not worth their start. */
const seldomAsked: readonly FunctionName[] = ['sweep-stale-runs', 'record-dead-letter', 'serve-reports'];

/** A deploy by Cloud Build of one revision of one service. */
export interface Deployed {
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  readonly build: FinishedBuild['build'];
  /** Of the run that the build's message opens. */
  readonly runId: RunId;
}

/** The pipeline on a local Cloud Run: real functions behind real push subscriptions, real services to guard. */
export class FunctionsStack implements AsyncDisposable {
  readonly cloud: LocalCloud;
  readonly pipeline: LocalPipeline;
  readonly #run: GoogleCloudRun;

  private constructor(cloud: LocalCloud, pipeline: LocalPipeline) {
    this.cloud = cloud;
    this.pipeline = pipeline;
    this.#run = new GoogleCloudRun({ endpoint: cloud.endpoint });
  }

  static async start(options: FunctionsStackOptions = {}): Promise<FunctionsStack> {
    const { services: open = ['web'], private: closed = [], config = {}, jobs = [], ...rest } = options;
    const { overrides = {}, ...pipelineOptions } = rest;
    const { profile = 'fast', processes = true } = options;
    await using started = new AsyncDisposableStack();
    const cloud = started.use(
      await LocalCloud.start({ profile, overrides, project: aRef.project, region: aRef.region }),
    );
    const pipeline = await LocalPipeline.start({
      cloud,
      // A project of its own: the emulator keeps all documents of a project together.
      projectId: `test-${randomBytes(6).toString('hex')}`,
      processes,
      firestoreHost: processes ? process.env.FIRESTORE_EMULATOR_HOST : undefined,
      // Nobody asks those of suites without suites.
      cold: config.suites === undefined ? [...suiteFunctions, ...seldomAsked] : seldomAsked,
      ...pipelineOptions,
    });
    const stack = started.use(new FunctionsStack(cloud, pipeline));
    for (const job of jobs) cloud.jobs.define(job);
    const container = webContainer();
    const services = [...open, ...closed];
    await Promise.all(
      services.map((service) => cloud.deploy({ service, container, private: closed.includes(service) })),
    );
    const { config: parsed, digest } = parseConfig(configText({ ...config, services }), 'test.yaml');
    await pipeline.applyConfig(parsed, digest);
    started.move();
    return stack;
  }

  refOf(service: string): ServiceRef {
    return { ...aRef, service };
  }

  /** A build that deploys; its message is under way when this resolves. */
  async build(
    service: string,
    container: Container,
    options: BuildOptions & Pick<DeployRequest, 'private' | 'noTraffic'> = {},
  ): Promise<Deployed> {
    const { build, deployments } = await this.cloud.builds.deploy({ service, container, ...options });
    const [deployment] = deployments;
    if (!deployment) throw new Error('the build deployed nothing');
    const { ref, revision } = deployment;
    return { ref, revision, build, runId: runIdOf(ref, revision, 1) };
  }

  /** The message that Cloud Build published last. @throws {Error} there is none */
  newestMessage(): BuildMessage {
    const message = this.cloud.messages.published.at(-1);
    if (!message) throw new Error('no build has run');
    return message;
  }

  /** Pub/Sub delivers Cloud Build's last message once more, as a message of its own. */
  announceAgain(): void {
    const { data, attributes } = this.newestMessage();
    const message = { data: Buffer.from(data, 'base64'), attributes: { ...attributes } };
    this.pipeline.pubsub.publish(buildTopic, message);
  }

  /** @param id its short name. @returns the full one */
  subscription(id: string): string {
    return `projects/${this.pipeline.pubsub.projectId}/subscriptions/${id}`;
  }

  /** @throws {Error} there is no such run */
  async report(runId: RunId): Promise<RunReport> {
    const report = await reportRun(this.pipeline.ports.store, runId);
    if (!report) throw new Error(`no run ${runId}`);
    return report;
  }

  /** Resolves with the next delivery of that kind. */
  delivery(isIt: (delivery: Delivery) => boolean): Promise<Delivery> {
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    const stopListening = this.pipeline.pubsub.onDelivery((one) => {
      if (!isIt(one)) return;
      stopListening();
      resolve(one);
    });
    return promise;
  }

  /** Resolves when the run has ended. Looks after each delivery, so something must be delivered until then. */
  async closed(runId: RunId): Promise<void> {
    const { store } = this.pipeline.ports;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = async () => {
      const run = await store.get(documentIn(runs, runId));
      if (run?.data.state === 'closed') resolve();
    };
    const stopListening = this.pipeline.pubsub.onDelivery(() => void look().catch(reject));
    try {
      await look();
      await promise;
    } finally {
      stopListening();
    }
  }

  /** Of every run, newest first. */
  async reports(): Promise<readonly RunReport[]> {
    const all = await listRuns(this.pipeline.ports.store, { limit: 1000 });
    return await Promise.all(all.map(({ id }) => this.report(id)));
  }

  /** How many runs there are of one service, whatever opened them. */
  async runCount(service: string): Promise<number> {
    const all = await listRuns(this.pipeline.ports.store, { limit: 1000 });
    return all.filter((run) => run.ref.service === service).length;
  }

  /** As its owner sees the service. @throws {Error} there is none */
  async state(service: string): Promise<ServiceState> {
    const state = await this.#run.getService(this.refOf(service));
    if (!state) throw new Error(`no service ${service}`);
    return state;
  }

  async serving(service: string): Promise<TrafficSplit> {
    return servingSplit(await this.state(service));
  }

  /** How often the service's spec was changed so far. */
  async writes(service: string): Promise<bigint> {
    return (await this.state(service)).generation;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pipeline.stop();
    await this.#run.close();
    await this.cloud.stop();
  }
}
