import type { Home } from '../resource-names.ts';
import type { AcceptedDeploy, Deployer, Deployment, DeployRequest } from '../run/deployer.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { BuildTopic } from './build-topic.ts';
import type { LocalBuild } from './local-build.ts';

export interface BuildOptions {
  /** 40 hex digits. Default: made up. */
  readonly commitSha?: string;
  readonly triggerId?: string;
  /** Besides COMMIT_SHA and its like. */
  readonly substitutions?: Readonly<Record<string, string>>;
  /** As e-mail. Default: the project's build account. */
  readonly serviceAccount?: string;
  /** False: the deploy steps set no `gcb-build-id` label. */
  readonly label?: boolean;
  /** True: the deploy steps write `{project, region, service, revision}` to `$BUILDER_OUTPUT/output`. */
  readonly handOver?: boolean;
  /** True: the build succeeds first and the deploys follow, as `gcloud run deploy --source` does. */
  readonly deployAfterSuccess?: boolean;
}

export interface BuildRequest extends BuildOptions {
  /** What the build deploys, in order. None: it only builds. */
  readonly deploys: readonly Omit<DeployRequest, 'by'>[];
}

export interface FinishedBuild {
  readonly build: LocalBuild;
  readonly deployments: readonly Deployment[];
}

/** A local Cloud Build, as far as it deploys. */
export class LocalBuilds {
  readonly #deployer: Deployer;
  readonly #topic: BuildTopic;
  readonly #random: SeededRandom;
  readonly #home: Home;
  readonly #builds = new Map<string, LocalBuild>();

  constructor(options: {
    readonly deployer: Deployer;
    readonly topic: BuildTopic;
    readonly random: SeededRandom;
    readonly home: Home;
  }) {
    this.#deployer = options.deployer;
    this.#topic = options.topic;
    this.#random = options.random;
    this.#home = options.home;
  }

  /** A build with one deploy step. */
  async deploy(request: DeployRequest & BuildOptions): Promise<FinishedBuild> {
    return await this.run({ ...request, deploys: [request] });
  }

  /** Runs a build to its end: FAILURE as soon as a revision does not become ready. */
  async run(request: BuildRequest): Promise<FinishedBuild> {
    const started = this.#start(request);
    if (request.deployAfterSuccess) {
      const build = this.#finish(started, { status: 'SUCCESS' });
      return { build, deployments: await this.#deployAll(request, started) };
    }
    const deployments = await this.#deployAll(request, started);
    const failure = deployments.find((deployment) => deployment.failure !== undefined)?.failure;
    const build = this.#finish(started, {
      status: failure === undefined ? 'SUCCESS' : 'FAILURE',
      failureDetail: failure?.message,
      stepOutputs: request.handOver ? deployments.map(handOver) : [],
    });
    return { build, deployments };
  }

  /** @param id of a build of this project and region */
  find(id: string): LocalBuild | undefined {
    return this.#builds.get(id);
  }

  /** Oldest first. */
  all(): readonly LocalBuild[] {
    return [...this.#builds.values()];
  }

  /** One after the other, as steps do; none after one that failed. */
  async #deployAll(request: BuildRequest, build: LocalBuild): Promise<Deployment[]> {
    const done: Deployment[] = [];
    for (const deploy of request.deploys) {
      const last = await this.#deployOne(deploy, request, build).reconciled;
      done.push(last);
      if (last.failure !== undefined) break;
    }
    return done;
  }

  #deployOne(deploy: DeployRequest, { label = true }: BuildRequest, build: LocalBuild): AcceptedDeploy {
    const commit = build.substitutions.COMMIT_SHA ?? '';
    const labels = label
      ? { 'managed-by': 'gcp-cloud-build-deploy-cloud-run', 'gcb-build-id': build.id, 'commit-sha': commit }
      : {};
    const by = build.serviceAccount.slice(build.serviceAccount.lastIndexOf('/') + 1);
    return this.#deployer.deploy({ ...deploy, labels: { ...labels, ...deploy.labels }, by });
  }

  #start(request: BuildRequest): LocalBuild {
    const { project, region, projectNumber } = this.#home;
    const id = this.#random.uuid();
    const commit = request.commitSha ?? this.#random.text(40);
    const account = request.serviceAccount ?? `build@${project}.iam.gserviceaccount.com`;
    const now = new Date();
    const build: LocalBuild = {
      id,
      name: `projects/${projectNumber}/locations/${region}/builds/${id}`,
      projectId: project,
      status: 'WORKING',
      createTime: now,
      startTime: now,
      ...(request.triggerId === undefined ? {} : { buildTriggerId: request.triggerId }),
      substitutions: {
        COMMIT_SHA: commit,
        SHORT_SHA: commit.slice(0, 7),
        REVISION_ID: commit,
        ...request.substitutions,
      },
      serviceAccount: `projects/${project}/serviceAccounts/${account}`,
      stepOutputs: [],
    };
    return this.#record(build);
  }

  #finish(build: LocalBuild, end: Partial<LocalBuild>): LocalBuild {
    return this.#record({ ...build, ...end, finishTime: new Date() });
  }

  #record(build: LocalBuild): LocalBuild {
    this.#builds.set(build.id, build);
    this.#topic.publish(build);
    return build;
  }
}

function handOver({ ref, revision }: Deployment): string {
  return JSON.stringify({ ...ref, revision });
}
