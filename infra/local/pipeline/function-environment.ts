import type { LocalCloud } from '../local-cloud.ts';
import type { LocalPubsub } from '../pubsub/local-pubsub.ts';
import type { FunctionName } from './function-names.ts';
import { defaultMaxDeliveryAttempts, type PipelineOptions, pushAccountOf } from './pipeline-options.ts';

type Variables = Readonly<Record<string, string>>;

/** What every function of a pipeline has in its environment. */
export function commonEnvironment(
  cloud: LocalCloud,
  pubsub: LocalPubsub,
  options: PipelineOptions,
): Variables {
  return {
    ...options.variables,
    DEPLOY_LOOP_PROJECT: options.projectId,
    DEPLOY_LOOP_CLOUD_ENDPOINT: `${cloud.endpoint.host}:${cloud.endpoint.port}`,
    DEPLOY_LOOP_PUBSUB_ENDPOINT: `${pubsub.endpoint.host}:${pubsub.endpoint.port}`,
    DEPLOY_LOOP_LOCAL_ADDRESSES: `127.0.0.1:${cloud.httpPort}`,
    DEPLOY_LOOP_PUSH_AUTH: 'none',
    DEPLOY_LOOP_MAX_DELIVERIES: String(
      Math.max(defaultMaxDeliveryAttempts, options.maxDeliveryAttempts ?? defaultMaxDeliveryAttempts),
    ),
    ...(options.firestoreHost === undefined ? {} : { FIRESTORE_EMULATOR_HOST: options.firestoreHost }),
    // Google's libraries would look for a metadata server, in vain and for seconds.
    METADATA_SERVER_DETECTION: 'none',
  };
}

/** What one function has besides, as a process of its own. @param url its own, the audience of its pushes */
export function functionEnvironment(name: FunctionName, url: string, options: PipelineOptions): Variables {
  const { projectId, auth = 'none' } = options;
  const host = options.firestoreHosts?.[name];
  return {
    DEPLOY_LOOP_COLLECT_URL: url.replace(name, 'collect-results'),
    ...(host === undefined ? {} : { FIRESTORE_EMULATOR_HOST: host }),
    ...(auth === 'iam' && {
      // As if Cloud Run had checked the token.
      K_SERVICE: name,
      DEPLOY_LOOP_PUSH_AUTH: auth,
      DEPLOY_LOOP_PUSH_AUDIENCE: url,
      DEPLOY_LOOP_PUSH_ACCOUNT: pushAccountOf(projectId),
    }),
  };
}
