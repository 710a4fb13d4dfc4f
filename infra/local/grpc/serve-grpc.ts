import type { LocalBuilds } from '../build/local-builds.ts';
import type { Disturbances } from '../disturbances.ts';
import type { LocalLogging } from '../logging/local-logging.ts';
import { ReadQuota } from '../logging/read-quota.ts';
import type { Home } from '../resource-names.ts';
import type { Platform } from '../run/platform.ts';
import type { ServiceRegistry } from '../run/service-registry.ts';
import { cloudBuildHandlers } from './cloud-build-handlers.ts';
import { GrpcEndpoint } from './grpc-endpoint.ts';
import { loggingHandlers } from './logging-handlers.ts';
import { operationsHandlers } from './operations-handlers.ts';
import { Protos } from './protos.ts';
import { revisionsHandlers } from './revisions-handlers.ts';
import { servicesHandlers } from './services-handlers.ts';

export interface ServedParts {
  readonly platform: Platform;
  readonly registry: ServiceRegistry;
  readonly builds: LocalBuilds;
  readonly logging: LocalLogging;
  readonly faults: Disturbances;
  readonly runProtos: Protos;
  readonly home: Home;
}

/** Cloud Run, its operations, Cloud Build and Cloud Logging on one endpoint, which is yet to listen. */
export function serveGrpc({
  platform,
  registry,
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
