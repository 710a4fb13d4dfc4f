import { BuildTopic } from './cloud-build/build-topic.ts';
import { LocalBuilds } from './cloud-build/local-builds.ts';
import { Disturbances } from './disturbances.ts';
import { Protos } from './grpc/protos.ts';
import { serveGrpc } from './grpc/serve-grpc.ts';
import { LocalJobs } from './jobs/local-jobs.ts';
import { LocalLogging } from './logging/local-logging.ts';
import type { Container } from './process/container.ts';
import { OrphanGuard } from './process/orphan-guard.ts';
import type { RevisionRuntime } from './process/revision-runtime.ts';
import { type Profile, type ProfileName, profiles } from './profile.ts';
import { FrontProxy } from './proxy/front-proxy.ts';
import { Router } from './proxy/router.ts';
import { Deployer } from './run/deployer.ts';
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

export interface LocalCloudParts {
  readonly platform: Platform;
  readonly registry: ServiceRegistry;
  readonly deployer: Deployer;
  readonly jobs: LocalJobs;
  readonly builds: LocalBuilds;
  readonly messages: BuildTopic;
  readonly logging: LocalLogging;
  readonly faults: Disturbances;
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly close: () => Promise<void>;
}

/** Makes the parts of a local cloud, and opens its two ports. */
export async function assembleCloud(options: LocalCloudOptions): Promise<LocalCloudParts> {
  const { project = 'local-project', region = 'us-central1', projectNumber = '100000000001' } = options;
  const random = new SeededRandom(options.seed ?? 1);
  const router = new Router<RevisionRuntime>(random.fork('router'));
  const proxy = new FrontProxy({
    router,
    audiencesOf: (label) => {
      const service = registry.findByLabel(label);
      return service?.isPrivate ? service.audiences : undefined;
    },
  });
  const runProtos = new Protos('@google-cloud/run');
  const profile = { ...profiles[options.profile], ...options.overrides };
  const timers = new Timers();
  const logging = new LocalLogging({ lagMs: profile.logLagMs, timers, random: random.fork('logging') });
  const platform: Platform = {
    profile,
    timers,
    logging,
    random: random.fork('platform'),
    guard: new OrphanGuard(),
    router,
    operations: new Operations(random.fork('operations')),
    codec: new ServiceCodec(runProtos),
    images: options.images ?? {},
    httpPort: await proxy.listen(options.httpPort ?? 0),
  };
  const registry = new ServiceRegistry(platform);
  const home = { project, region, projectNumber };
  const deployer = new Deployer(registry, platform.codec, home);
  const jobs = new LocalJobs({ ...platform, random: random.fork('jobs') }, home);
  const messages = new BuildTopic();
  const builds = new LocalBuilds({ deployer, topic: messages, random: random.fork('builds'), home });
  const faults = new Disturbances({ registry, codec: platform.codec, logging });
  const parts = { platform, registry, deployer, jobs, builds, messages, logging, faults };
  const grpc = serveGrpc({ ...parts, runProtos, home });
  const endpoint = { host: '127.0.0.1', port: await grpc.listen(options.grpcPort ?? 0) };
  const close = async () => {
    platform.timers.stop();
    grpc.close();
    await Promise.all([proxy.close(), registry.stopAll(), jobs.stopAll()]);
    await platform.guard.close();
  };
  return { ...parts, endpoint, close };
}
