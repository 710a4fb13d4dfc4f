import type { LocalBuilds } from '../cloud-build/local-builds.ts';
import type { Disturbances } from '../disturbances.ts';
import type { LocalJobs } from '../jobs/local-jobs.ts';
import type { LocalLogging } from '../logging/local-logging.ts';
import { ReadQuota } from '../logging/read-quota.ts';
import type { Home } from '../resource-names.ts';
import type { Platform } from '../run/platform.ts';
import type { ServiceRegistry } from '../run/service-registry.ts';
import { cloudBuildHandlers } from './cloud-build-handlers.ts';
import { executionsHandlers } from './executions-handlers.ts';
import { GrpcEndpoint } from './grpc-endpoint.ts';
import { jobsHandlers } from './jobs-handlers.ts';
import { loggingHandlers } from './logging-handlers.ts';
import { operationsHandlers } from './operations-handlers.ts';
import { Protos } from './protos.ts';
import { revisionsHandlers } from './revisions-handlers.ts';
import { servicesHandlers } from './services-handlers.ts';

export interface ServedParts {
  readonly platform: Platform;
  readonly registry: ServiceRegistry;
  readonly jobs: LocalJobs;
  readonly builds: LocalBuilds;
  readonly logging: LocalLogging;
  readonly faults: Disturbances;
  readonly runProtos: Protos;
  readonly home: Home;
}

/** Cloud Run with its jobs and operations, Cloud Build and Cloud Logging on one endpoint, which is yet to listen. */
export function serveGrpc({
  platform,
  registry,
  jobs,
  builds,
  logging,
  faults,
  runProtos,
  home,
}: ServedParts): GrpcEndpoint {
  const { codec, operations } = platform;
  const { scripts } = faults;
  const caller = `api-caller@${home.project}.iam.gserviceaccount.com`;
  const run = { registry, codec, faults: scripts, caller };
  const grpc = new GrpcEndpoint();
  grpc.add(runProtos.service('google.cloud.run.v2.Services'), servicesHandlers(run));
  grpc.add(runProtos.service('google.cloud.run.v2.Revisions'), revisionsHandlers(run));
  const jobsApi = { jobs, operations, faults: scripts, protos: runProtos };
  grpc.add(runProtos.service('google.cloud.run.v2.Jobs'), jobsHandlers(jobsApi));
  grpc.add(runProtos.service('google.cloud.run.v2.Executions'), executionsHandlers(jobsApi));
  grpc.add(
    runProtos.service('google.longrunning.Operations'),
    operationsHandlers(operations, codec, scripts),
  );
  const buildProtos = new Protos('@google-cloud/cloudbuild');
  grpc.add(
    buildProtos.service('google.devtools.cloudbuild.v1.CloudBuild'),
    cloudBuildHandlers({ builds, faults: scripts, home }),
  );
  const quota = new ReadQuota(platform.profile.logReadsPerMinute);
  grpc.add(
    new Protos('@google-cloud/logging-api').service('google.logging.v2.LoggingServiceV2'),
    loggingHandlers({ logging, quota, faults: scripts }),
  );
  return grpc;
}
