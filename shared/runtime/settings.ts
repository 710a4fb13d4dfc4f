import { z } from 'zod';
import { ProjectSchema } from '../contracts/id-schemas.ts';
import { defaultTopicPrefix } from '../contracts/topics.ts';
import { type FunctionName, subscriptionsOf } from './hops.ts';
import type { PushAuth } from './push-auth.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The settings in the environment, parsed once. */
export interface Settings {
  /** The local Cloud Run and Cloud Build that replace Google's. */
  readonly cloudEndpoint: Endpoint | undefined;
  /** `127.0.0.1:PORT` pairs that probes may reach; all other addresses must be public. */
  readonly localAddresses: readonly string[];
  readonly logLevel: 'info' | 'warn' | 'error' | 'silent';
  readonly firestoreEmulatorHost: string | undefined;
  readonly databaseId: string;
  /** Where suites may read secrets of kind `env`. */
  readonly secretsEnvironment: Environment;
}

/** The additional settings of a deployed function. */
export interface FunctionSettings extends Settings {
  /** The project of the installation, with its database and topics. */
  readonly project: string;
  /** The local Pub/Sub that replaces Google's. */
  readonly pubsubEndpoint: Endpoint | undefined;
  /**
   * The URL of *collect-results* for the jobs of command suites, without a trailing slash; absent: such suites are
   * refused.
   */
  readonly collectUrl: string | undefined;
  /** What precedes the hop in the names of topics and subscriptions. */
  readonly topicPrefix: string;
  /**
   * `everywhere` only where each caller is authenticated: by Cloud Run, or by the function itself. A function with local
   * endpoints is part of a local stack.
   */
  readonly listensOn: 'everywhere' | 'loopback';
}

/** The additional settings of a function behind a push subscription. */
export interface PushSettings extends FunctionSettings {
  readonly auth: PushAuth;
  /** Full names of the subscriptions whose pushes are accepted: the function's own, and those that are set. */
  readonly subscriptions: readonly string[];
  /** How often a message is delivered before it becomes a dead letter. */
  readonly maxDeliveries: number;
}

/** The environment is invalid; the message lists every fault by variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const AddressSchema = z
  .string()
  .regex(/^(127\.0\.0\.1|\[::1\]):\d{1,5}$/, 'an address must be 127.0.0.1:PORT');
const EndpointSchema = AddressSchema.transform((address): Endpoint => {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
});
const ListSchema = z
  .string()
  .default('')
  .transform((text) => (text === '' ? [] : text.split(',')));

/** A URL that the agent of a job accepts, and only over TLS unless it stays on this machine. */
const CollectUrlSchema = z
  .string()
  .regex(/^https?:\/\/[A-Za-z0-9:/._~%-]+$/, 'must be the URL of collect-results')
  .refine(
    (url) => /^(https:|http:\/\/(127\.0\.0\.1|([a-z0-9-]+\.)?localhost)(:|\/|$))/.test(url),
    'must be an https URL: jobs send a token to it',
  )
  .transform((url) => url.replace(/\/+$/, ''));

const common = {
  DEPLOY_LOOP_CLOUD_ENDPOINT: EndpointSchema.optional(),
  DEPLOY_LOOP_LOCAL_ADDRESSES: ListSchema.pipe(z.array(AddressSchema)),
  DEPLOY_LOOP_LOG_LEVEL: z.enum(['info', 'warn', 'error', 'silent']).optional(),
  /** Set for Google's emulator; its client library reads it too. */
  FIRESTORE_EMULATOR_HOST: z.string().optional(),
  DEPLOY_LOOP_DATABASE: z
    .string()
    .regex(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, 'not a Firestore database id')
    .default('(default)'),
};
const CommonSchema = z.object(common);

const FunctionSchema = CommonSchema.extend({
  DEPLOY_LOOP_PROJECT: ProjectSchema,
  DEPLOY_LOOP_PUBSUB_ENDPOINT: EndpointSchema.optional(),
  DEPLOY_LOOP_COLLECT_URL: CollectUrlSchema.optional(),
  DEPLOY_LOOP_TOPIC_PREFIX: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{2,63}$/,
      'must begin with a letter and have only lower-case letters, digits, dashes',
    )
    .default(defaultTopicPrefix),
  /** Set by Cloud Run. */
  K_SERVICE: z
    .string()
    .optional()
    .transform((name) => (name === '' ? undefined : name)),
});

const PushSchema = FunctionSchema.extend({
  DEPLOY_LOOP_PUSH_AUTH: z.enum(
    ['iam', 'oidc', 'none'],
    'must be iam (on Cloud Run), oidc (elsewhere) or none (only for a local stack)',
  ),
  DEPLOY_LOOP_PUSH_AUDIENCE: z.url('must be the audience URL of the subscription').optional(),
  DEPLOY_LOOP_PUSH_ACCOUNT: z.email('must be the service account of the subscription').optional(),
  DEPLOY_LOOP_SUBSCRIPTIONS: ListSchema.pipe(
    z.array(z.string().regex(/^projects\/[^/]+\/subscriptions\/[^/]+$/, 'not a subscription name')),
  ),
  DEPLOY_LOOP_MAX_DELIVERIES: z.coerce.number().int().min(5).max(100).default(5),
}).superRefine((env, context) => {
  const fault = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  const { DEPLOY_LOOP_PUSH_AUTH: mode, K_SERVICE: service } = env;
  if (mode === 'none') {
    if (service !== undefined) fault('DEPLOY_LOOP_PUSH_AUTH', 'none is refused on Cloud Run: set iam');
    return;
  }
  // Elsewhere nobody has checked the token's signature.
  if (mode === 'iam' && service === undefined)
    fault('DEPLOY_LOOP_PUSH_AUTH', 'iam is refused outside Cloud Run, where K_SERVICE is not set: set oidc');
  for (const name of ['DEPLOY_LOOP_PUSH_AUDIENCE', 'DEPLOY_LOOP_PUSH_ACCOUNT'] as const) {
    if (env[name] === undefined) fault(name, `must be set with DEPLOY_LOOP_PUSH_AUTH=${mode}`);
  }
});

/** @throws {SettingsError} */
export function parseSettings(env: Environment): Settings {
  return commonOf(parse(CommonSchema, env), 'silent', env);
}

/** @throws {SettingsError} */
export function parseFunctionSettings(env: Environment): FunctionSettings {
  return functionOf(parse(FunctionSchema, env), env);
}

/** @throws {SettingsError} */
export function parsePushSettings(name: FunctionName, env: Environment): PushSettings {
  const parsed = parse(PushSchema, env);
  const common = functionOf(parsed, env);
  const own = subscriptionsOf(name, common.topicPrefix).map(
    (subscription) => `projects/${common.project}/subscriptions/${subscription.name}`,
  );
  const auth = authOf(parsed);
  return {
    ...common,
    listensOn: auth.mode === 'oidc' && !isLocal(parsed) ? 'everywhere' : common.listensOn,
    auth,
    subscriptions: [...own, ...parsed.DEPLOY_LOOP_SUBSCRIPTIONS],
    maxDeliveries: parsed.DEPLOY_LOOP_MAX_DELIVERIES,
  };
}

function authOf(env: z.infer<typeof PushSchema>): PushAuth {
  const { DEPLOY_LOOP_PUSH_AUTH: mode } = env;
  if (mode === 'none') return { mode };
  // The schema demands both.
  const { DEPLOY_LOOP_PUSH_AUDIENCE: audience = '', DEPLOY_LOOP_PUSH_ACCOUNT: account = '' } = env;
  return { mode, audience, account };
}

/** True: it is part of a local stack, also where that plays Cloud Run. */
function isLocal(env: z.infer<typeof FunctionSchema>): boolean {
  return env.DEPLOY_LOOP_CLOUD_ENDPOINT !== undefined || env.DEPLOY_LOOP_PUBSUB_ENDPOINT !== undefined;
}

function parse<T>(schema: z.ZodType<T>, env: Environment): T {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues.map((issue) => describeIssue(issue, env)).join('\n'));
}

function describeIssue({ path, message, code }: z.core.$ZodIssue, env: Environment): string {
  const name = String(path[0]);
  return `${name}: ${code === 'invalid_type' && env[name] === undefined ? 'must be set' : message}`;
}

function commonOf(
  env: z.infer<typeof CommonSchema>,
  logLevel: Settings['logLevel'],
  secretsEnvironment: Environment,
): Settings {
  return {
    secretsEnvironment,
    cloudEndpoint: env.DEPLOY_LOOP_CLOUD_ENDPOINT,
    localAddresses: env.DEPLOY_LOOP_LOCAL_ADDRESSES,
    logLevel: env.DEPLOY_LOOP_LOG_LEVEL ?? logLevel,
    firestoreEmulatorHost: env.FIRESTORE_EMULATOR_HOST,
    databaseId: env.DEPLOY_LOOP_DATABASE,
  };
}

function functionOf(env: z.infer<typeof FunctionSchema>, secretsEnvironment: Environment): FunctionSettings {
  return {
    ...commonOf(env, 'info', secretsEnvironment),
    project: env.DEPLOY_LOOP_PROJECT,
    pubsubEndpoint: env.DEPLOY_LOOP_PUBSUB_ENDPOINT,
    collectUrl: env.DEPLOY_LOOP_COLLECT_URL,
    topicPrefix: env.DEPLOY_LOOP_TOPIC_PREFIX,
    listensOn: env.K_SERVICE !== undefined && !isLocal(env) ? 'everywhere' : 'loopback',
  };
}
