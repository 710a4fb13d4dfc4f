import type { RevisionName, ServiceRef } from '../../shared/domain/ids.ts';
import { BuildTopic } from './build/build-topic.ts';
import { LocalBuilds } from './build/local-builds.ts';
import { Disturbances } from './disturbances.ts';
import { cloudBuildHandlers } from './grpc/cloud-build-handlers.ts';
import { GrpcEndpoint } from './grpc/grpc-endpoint.ts';
import { operationsHandlers } from './grpc/operations-handlers.ts';
import { Protos } from './grpc/protos.ts';
import { revisionsHandlers } from './grpc/revisions-handlers.ts';
import { servicesHandlers } from './grpc/services-handlers.ts';
import type { Container } from './process/container.ts';
import type { LogBuffer, LogEntry } from './process/log-buffer.ts';
import { OrphanGuard } from './process/orphan-guard.ts';
import type { RevisionRuntime } from './process/revision-runtime.ts';
import { type Profile, type ProfileName, profiles } from './profile.ts';
import { FrontProxy } from './proxy/front-proxy.ts';
import { Router } from './proxy/router.ts';
import { type AcceptedDeploy, Deployer, type Deployment, type DeployRequest } from './run/deployer.ts';
import { Operations } from './run/operations.ts';
import type { Platform } from './run/platform.ts';
import { ServiceCodec } from './run/service-codec.ts';
import { ServiceRegistry } from './run/service-registry.ts';
import { SeededRandom } from './seeded-random.ts';
import { Timers } from './timers.ts';

export interface LocalCloudOptions {
  readonly profile: ProfileName;
  /** Repeats every delay and every choice of a run. Default 1. */
  readonly seed?: number;
  /** Single timings other than the profile's. */
  readonly overrides?: Partial<Profile>;
  /** Default `local-project` and `us-central1`. */
  readonly project?: string;
  readonly region?: string;
  /** By which Cloud Build names the project. */
  readonly projectNumber?: string;
  /** What images run, for templates that give no command. */
  readonly images?: Readonly<Record<string, Container>>;
  /** Default: any free port of the loopback interface. */
  readonly grpcPort?: number;
  readonly httpPort?: number;
}

interface Parts {
  readonly platform: Platform;
  readonly registry: ServiceRegistry;
  readonly builds: LocalBuilds;
  readonly messages: BuildTopic;
  readonly deployer: Deployer;
  readonly faults: Disturbances;
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly close: () => Promise<void>;
}

/** Cloud Run and Cloud Build on this machine: the real client libraries talk to it, real processes serve in it. */
export class LocalCloud {
  /** Where both APIs are served, by gRPC without TLS. */
  readonly endpoint: { readonly host: string; readonly port: number };
  /** Where services are served: `http://SERVICE.localhost:PORT`, `http://TAG---SERVICE.localhost:PORT`. */
  readonly httpPort: number;
  readonly profile: Profile;
  readonly builds: LocalBuilds;
  /** The topic `cloud-builds`. */
  readonly messages: BuildTopic;
  readonly faults: Disturbances;
  readonly #parts: Parts;
  #stopped: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.endpoint = parts.endpoint;
    this.httpPort = parts.platform.httpPort;
    this.profile = parts.platform.profile;
    this.builds = parts.builds;
    this.messages = parts.messages;
    this.faults = parts.faults;
  }

  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    return new LocalCloud(await assemble(options));
  }

  /** Deploys and waits until the service has settled and its traffic has spread. @throws {RpcError} not accepted */
  async deploy(request: DeployRequest): Promise<Deployment> {
    const deployment = await this.startDeploy(request).settled;
    await this.settled(deployment.ref);
    return deployment;
  }

  /** Deploys without waiting. @throws {RpcError} not accepted */
  startDeploy(request: DeployRequest): AcceptedDeploy {
    return this.#parts.deployer.deploy(request);
  }

  /** Resolves when every write to the service so far is in effect and has spread. @throws {RpcError} no such service */
  async settled(ref: ServiceRef): Promise<void> {
    await this.#parts.registry.get(ref).settled;
  }

  /** The names of a service's revisions, newest first; empty when there is no such service. */
  revisions(ref: ServiceRef): readonly string[] {
    return (
      this.#parts.registry
        .find(ref)
        ?.revisions.newestFirst()
        .map(({ name }) => name) ?? []
    );
  }

  /** The newest lines of a revision's container and of the platform about it, oldest first. */
  logs(ref: ServiceRef, revision: RevisionName): readonly LogEntry[] {
    return this.#logs(ref, revision)?.entries() ?? [];
  }

  /** The first line that matches, as soon as there is one. @throws {TypeError} no such revision */
  async logged(ref: ServiceRef, revision: RevisionName, pattern: RegExp): Promise<LogEntry> {
    const logs = this.#logs(ref, revision);
    if (logs === undefined) throw new TypeError(`no revision ${revision}`);
    return await logs.find(pattern);
  }

  /** Ends every process, port and delay of this cloud. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#parts.close();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #logs(ref: ServiceRef, revision: RevisionName): LogBuffer | undefined {
    return this.#parts.registry.find(ref)?.revisions.find(revision)?.runtime?.logs;
  }
}

async function assemble(options: LocalCloudOptions): Promise<Parts> {
  const { project = 'local-project', region = 'us-central1', projectNumber = '100000000001' } = options;
  const random = new SeededRandom(options.seed ?? 1);
  const timers = new Timers();
  const guard = new OrphanGuard();
  const router = new Router<RevisionRuntime>(random.fork('router'));
  const audiencesOf = (label: string) => {
    const service = registry.findByLabel(label);
    return service?.isPrivate ? service.audiences : undefined;
  };
  const proxy = new FrontProxy({ router, audiencesOf });
  const runProtos = new Protos('@google-cloud/run');
  const codec = new ServiceCodec(runProtos);
  const platform: Platform = {
    profile: { ...profiles[options.profile], ...options.overrides },
    timers,
    random: random.fork('platform'),
    guard,
    router,
    operations: new Operations(random.fork('operations')),
    codec,
    images: options.images ?? {},
    httpPort: await proxy.listen(options.httpPort ?? 0),
  };
  const registry = new ServiceRegistry(platform);
  const deployer = new Deployer(registry, codec, { project, region });
  const messages = new BuildTopic();
  const location = { project, region };
  const builds = new LocalBuilds({
    deployer,
    topic: messages,
    random: random.fork('builds'),
    location,
    projectNumber,
  });
  const faults = new Disturbances(registry, codec);
  const { scripts } = faults;
  const api = { registry, codec, faults: scripts, caller: `api-caller@${project}.iam.gserviceaccount.com` };
  const grpc = new GrpcEndpoint();
  grpc.add(runProtos.service('google.cloud.run.v2.Services'), servicesHandlers(api));
  grpc.add(runProtos.service('google.cloud.run.v2.Revisions'), revisionsHandlers(api));
  grpc.add(
    runProtos.service('google.longrunning.Operations'),
    operationsHandlers(platform.operations, codec, scripts),
  );
  grpc.add(
    new Protos('@google-cloud/cloudbuild').service('google.devtools.cloudbuild.v1.CloudBuild'),
    cloudBuildHandlers({ builds, faults: scripts, projects: [project, projectNumber], region }),
  );
  const endpoint = { host: '127.0.0.1', port: await grpc.listen(options.grpcPort ?? 0) };
  const close = async () => {
    timers.stop();
    grpc.close();
    await Promise.all([proxy.close(), registry.stopAll()]);
    await guard.close();
  };
  return { platform, registry, builds, messages, deployer, faults, endpoint, close };
}
