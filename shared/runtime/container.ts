import { CommandCheckRunner } from '../adapters/checks/command/command-check-runner.ts';
import { SecretEnvironments } from '../adapters/checks/command/secret-environments.ts';
import { HttpCheckRunner } from '../adapters/checks/http/http-check-runner.ts';
import { JobCheckRunner } from '../adapters/checks/job/job-check-runner.ts';
import { NoCommands } from '../adapters/checks/no-commands.ts';
import { ComposedSecrets } from '../adapters/checks/secrets/composed-secrets.ts';
import { googleSecrets } from '../adapters/checks/secrets/google-secrets.ts';
import { type KindRunner, SuiteCheckRunner } from '../adapters/checks/suite-check-runner.ts';
import { WebsocketCheckRunner } from '../adapters/checks/websocket/websocket-check-runner.ts';
import { FirestoreStore } from '../adapters/firestore/firestore-store.ts';
import { GithubHosts } from '../adapters/github/github-hosts.ts';
import { checkCredentials } from '../adapters/google/check-credentials.ts';
import { GoogleBuilds } from '../adapters/google/google-builds.ts';
import { GoogleCloudRun } from '../adapters/google/google-cloud-run.ts';
import { GoogleJobs } from '../adapters/google/google-jobs.ts';
import { GoogleLogs } from '../adapters/google/google-logs.ts';
import { loopbackUrl } from '../adapters/http/loopback-url.ts';
import { UndiciProber } from '../adapters/http/undici-prober.ts';
import { GoogleIdTokenVerifier } from '../adapters/id-tokens/google-id-token-verifier.ts';
import { GoogleIdTokens } from '../adapters/id-tokens/google-id-tokens.ts';
import type { IdTokens } from '../adapters/id-tokens/id-tokens.ts';
import { LocalIdTokens } from '../adapters/id-tokens/local-id-tokens.ts';
import { MemoryBus } from '../adapters/memory/memory-bus.ts';
import { MemoryStore } from '../adapters/memory/memory-store.ts';
import { PinoLogger } from '../adapters/pino-logger.ts';
import { PubsubBus } from '../adapters/pubsub/pubsub-bus.ts';
import { type FileUse, openFile } from '../adapters/sqlite/open-file.ts';
import type { RecordsFile } from '../adapters/sqlite/open-records.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { SystemRandom } from '../adapters/system-random.ts';
import { WebhookNotifier } from '../adapters/webhook/webhook-notifier.ts';
import { WsWebSockets } from '../adapters/websocket/ws-web-sockets.ts';
import { readAgent } from '../agent/read-agent.ts';
import type { CommandSuite } from '../contracts/suites/command-suite.ts';
import { assertNever } from '../domain/assert-never.ts';
import { CredentialsError, TransientError } from '../domain/errors.ts';
import type { CheckRunner } from '../ports/check-runner.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Logger } from '../ports/logger.ts';
import type { Ports } from '../ports/ports.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import { type CollectPorts, collectPortsOf } from '../services/jobs/collect-ports.ts';
import type { LocalBus } from './in-process.ts';
import type { IdTokenVerifier } from './push-auth.ts';
import type { FunctionSettings, Settings } from './settings.ts';
import { traceAttributes, traceFields } from './trace-context.ts';

/** The adapters of one process, and a way to close their sockets. */
export interface Container {
  readonly ports: Omit<Ports, 'store' | 'bus'>;
  close(): Promise<void>;
}

/** Where the commands of suites run: nowhere; as child processes of the user's own process; or in jobs. */
export type CommandHost =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'process'; readonly cwd: string }
  | {
      readonly kind: 'job';
      readonly store: Store;
      readonly log: Logger;
      readonly collectUrl: string | undefined;
    };

/** All ports except store and bus, on Google's clients (or on the local cloud that the settings name). */
export function createContainer(
  settings: Settings,
  { commands = { kind: 'nowhere' } }: { readonly commands?: CommandHost } = {},
): Container {
  const endpoint = settings.cloudEndpoint;
  const google = endpoint ? { endpoint } : {};
  const run = new GoogleCloudRun(google);
  const builds = new GoogleBuilds(google);
  const logs = new GoogleLogs(google);
  const jobs = new GoogleJobs(google);
  const tokens = createIdTokens(settings);
  const prober = new UndiciProber({ tokens, allowedLocalAddresses: settings.localAddresses });
  const sockets = new WsWebSockets({ tokens, allowedLocalAddresses: settings.localAddresses });
  const clock = new SystemClock();
  const { scm, notifier, close: closeOthers } = connectOthers(settings, clock);
  const ports = {
    run,
    builds,
    logs,
    prober,
    sockets,
    clock,
    random: new SystemRandom(),
    log: createLogger(settings),
    checks: createCheckRunner(commands, settings, { prober, sockets, clock, jobs }),
    scm,
    notifier,
  };
  return {
    ports,
    async close() {
      await Promise.all([
        run.close(),
        builds.close(),
        logs.close(),
        jobs.close(),
        prober.close(),
        closeOthers(),
      ]);
    },
  };
}

/** The ways to GitHub and to webhooks. */
export interface Others extends Pick<Ports, 'scm' | 'notifier'> {
  close(): Promise<void>;
}

export function connectOthers(settings: Settings, clock: Clock): Others {
  const common = { secrets: createSecrets(settings), allowedLocalAddresses: settings.localAddresses };
  const notifier = new WebhookNotifier({ ...common, clock });
  return { scm: new GithubHosts(common), notifier, close: () => notifier.close() };
}

function createIdTokens({ cloudEndpoint }: Settings): IdTokens {
  return cloudEndpoint ? new LocalIdTokens() : new GoogleIdTokens();
}

/** The local cloud's hosts have names that few programs can resolve. */
function commandUrls({ cloudEndpoint }: Settings) {
  return cloudEndpoint && loopbackUrl;
}

function createSecrets({ secretsEnvironment }: Settings): Secrets {
  return new ComposedSecrets(secretsEnvironment, googleSecrets());
}

type RunnerPorts = Pick<Ports, 'prober' | 'sockets' | 'clock'> & { readonly jobs: Jobs };

function createCheckRunner(place: CommandHost, settings: Settings, ports: RunnerPorts): CheckRunner {
  const secrets = createSecrets(settings);
  return new SuiteCheckRunner(place.kind === 'process' ? 'process' : 'function', {
    http: new HttpCheckRunner({ ...ports, secrets }),
    websocket: new WebsocketCheckRunner({ ...ports, secrets }),
    command: createCommandRunner(place, settings, ports),
  });
}

function createCommandRunner(
  place: CommandHost,
  settings: Settings,
  { clock, jobs }: RunnerPorts,
): KindRunner<CommandSuite> {
  const random = new SystemRandom();
  switch (place.kind) {
    case 'nowhere':
      return new NoCommands();
    case 'process':
      return new CommandCheckRunner({
        secrets: createSecrets(settings),
        tokens: createIdTokens(settings),
        random,
        environment: settings.secretsEnvironment,
        urlFor: commandUrls(settings),
        cwd: place.cwd,
      });
    case 'job':
      return new JobCheckRunner({ ...place, clock, jobs, random, readAgent });
    default:
      return assertNever(place);
  }
}

/**
 * The ports of a deployed function. Clients are loaded at their first use, so that a function pays only for those that
 * it needs.
 */
export function createFunctionPorts(settings: FunctionSettings): Ports {
  const { project, pubsubEndpoint, collectUrl, topicPrefix } = settings;
  const endpoint = pubsubEndpoint ? { endpoint: pubsubEndpoint } : {};
  const log = createFunctionLogger(settings);
  const { store } = openFirestoreStore(project, settings);
  return {
    ...createContainer(settings, { commands: { kind: 'job', store, log, collectUrl } }).ports,
    log,
    store,
    bus: new PubsubBus({ projectId: project, topicPrefix, traceContext: traceAttributes, ...endpoint }),
  };
}

/** The ports of the function that serves jobs. @param shared absent: it creates its own */
export function createCollectPorts(
  settings: FunctionSettings,
  shared?: Pick<Ports, 'store' | 'clock' | 'log' | 'random'>,
): CollectPorts {
  const { project } = settings;
  const environments = new SecretEnvironments({
    secrets: createSecrets(settings),
    tokens: createIdTokens(settings),
    own: {},
    urlFor: commandUrls(settings),
  });
  if (shared) {
    const { store, clock, log, random } = shared;
    return collectPortsOf({ store, clock, log, random, environments });
  }
  const { store } = openFirestoreStore(project, settings);
  const log = createFunctionLogger(settings);
  return collectPortsOf({ store, clock: new SystemClock(), log, random: new SystemRandom(), environments });
}

function createFunctionLogger({ logLevel, project }: FunctionSettings): Logger {
  return PinoLogger.create(logLevel, process.stdout, () => traceFields(project));
}

export function createIdTokenVerifier(): IdTokenVerifier {
  return new GoogleIdTokenVerifier();
}

/**
 * Checks that Google's clients will find credentials, before one of them retries and warns in vain.
 * @throws {CredentialsError} they cannot be used
 * @throws {TransientError} Google did not respond
 */
export async function assertCredentials({ secretsEnvironment }: Settings): Promise<void> {
  const fault = await checkCredentials(secretsEnvironment.GOOGLE_APPLICATION_CREDENTIALS);
  if (fault?.kind === 'unreachable') throw new TransientError(fault.text);
  if (fault) throw new CredentialsError(fault.text);
}

export function createClock(): Clock {
  return new SystemClock();
}

export function createLogger({ logLevel }: Pick<Settings, 'logLevel'>): Logger {
  return PinoLogger.create(logLevel, process.stderr);
}

export function createLocalBus(clock: Clock, log: Logger): LocalBus {
  return new MemoryBus(clock, log);
}

/** A store and the connection to where its documents are. */
export interface OpenStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** A store that lasts as long as the process. */
export function openMemoryStore(clock: Clock): OpenStore {
  return { store: new MemoryStore(clock), close: async () => {} };
}

/**
 * A store in a file that several processes share.
 * @throws {PermanentError} the file cannot be used
 * @throws {TransientError} other processes hold it
 */
export function openFileStore(records: RecordsFile, use: FileUse, clock: Clock): Promise<OpenStore> {
  return openFile(records, use, clock);
}

export function openFirestoreStore(projectId: string, settings: Settings): OpenStore {
  const { databaseId, firestoreEmulatorHost } = settings;
  const store = new FirestoreStore({
    projectId,
    databaseId,
    ...(firestoreEmulatorHost ? { emulatorHost: firestoreEmulatorHost } : {}),
  });
  return { store, close: () => store.close() };
}
