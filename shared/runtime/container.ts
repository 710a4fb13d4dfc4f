import { CommandCheckRunner } from '../adapters/checks/command/command-check-runner.ts';
import { HttpCheckRunner } from '../adapters/checks/http/http-check-runner.ts';
import { NoCommands } from '../adapters/checks/no-commands.ts';
import { ComposedSecrets } from '../adapters/checks/secrets/composed-secrets.ts';
import { googleSecrets } from '../adapters/checks/secrets/google-secrets.ts';
import { SuiteCheckRunner } from '../adapters/checks/suite-check-runner.ts';
import { FirestoreStore } from '../adapters/firestore-store.ts';
import { GoogleBuilds } from '../adapters/google-builds.ts';
import { GoogleCloudRun } from '../adapters/google-cloud-run.ts';
import { GoogleIdTokens } from '../adapters/google-id-tokens.ts';
import { GoogleLogs } from '../adapters/google-logs.ts';
import type { IdTokens } from '../adapters/id-tokens.ts';
import { LocalIdTokens } from '../adapters/local-id-tokens.ts';
import { MemoryBus } from '../adapters/memory/memory-bus.ts';
import { MemoryStore } from '../adapters/memory/memory-store.ts';
import { PinoLogger } from '../adapters/pino-logger.ts';
import { PubsubBus } from '../adapters/pubsub-bus.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { SystemRandom } from '../adapters/system-random.ts';
import { UndiciProber } from '../adapters/undici-prober.ts';
import type { CheckRunner } from '../ports/check-runner.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store } from '../ports/store.ts';
import type { LocalBus } from './in-process.ts';
import type { FunctionSettings, Settings } from './settings.ts';
import { traceAttributes, traceFields } from './trace-context.ts';

/** Adapters of one process, and how to let go of their sockets. */
export interface Container {
  readonly ports: Omit<Ports, 'store' | 'bus'>;
  close(): Promise<void>;
}

/**
 * Everything but the store and the bus, on Google's clients (or on the local cloud that the settings name).
 *
 * @param commandsIn the folder that suites of commands run in, where this process is the user's own; absent: it runs
 *   nobody's code
 */
export function createContainer(
  settings: Settings,
  { commandsIn }: { readonly commandsIn?: string } = {},
): Container {
  const endpoint = settings.cloudEndpoint;
  const google = endpoint ? { endpoint } : {};
  const run = new GoogleCloudRun(google);
  const builds = new GoogleBuilds(google);
  const logs = new GoogleLogs(google);
  const tokens = endpoint ? new LocalIdTokens() : new GoogleIdTokens();
  const prober = new UndiciProber({ tokens, allowedLocalAddresses: settings.localAddresses });
  const clock = new SystemClock();
  const ports = {
    run,
    builds,
    logs,
    prober,
    clock,
    random: new SystemRandom(),
    log: createLogger(settings),
    checks: createCheckRunner(commandsIn, settings, { prober, clock, tokens }),
  };
  return {
    ports,
    async close() {
      await Promise.all([run.close(), builds.close(), logs.close(), prober.close()]);
    },
  };
}

function createCheckRunner(
  commandsIn: string | undefined,
  { secretsEnvironment }: Settings,
  { tokens, ...ports }: Pick<Ports, 'prober' | 'clock'> & { readonly tokens: IdTokens },
): CheckRunner {
  const secrets = new ComposedSecrets(secretsEnvironment, googleSecrets());
  return new SuiteCheckRunner(commandsIn === undefined ? 'function' : 'process', {
    http: new HttpCheckRunner({ ...ports, secrets }),
    command:
      commandsIn === undefined
        ? new NoCommands()
        : new CommandCheckRunner({
            secrets,
            tokens,
            random: new SystemRandom(),
            environment: secretsEnvironment,
            cwd: commandsIn,
          }),
  });
}

/**
 * What a deployed function works with. Clients are loaded at their first use, so that a function pays only for those
 * that it needs.
 */
export function createFunctionPorts(settings: FunctionSettings): Ports {
  const { project, pubsubEndpoint, logLevel } = settings;
  const endpoint = pubsubEndpoint ? { endpoint: pubsubEndpoint } : {};
  return {
    ...createContainer(settings).ports,
    log: PinoLogger.create(logLevel, process.stdout, () => traceFields(project)),
    store: openFirestore(project, settings).store,
    bus: new PubsubBus({ projectId: project, traceContext: traceAttributes, ...endpoint }),
  };
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

/** A store and how to keep it: a snapshot in a file, a database, or nothing. */
export interface OpenStore {
  readonly store: Store;
  /** The documents as text, where the store lives in this process only. */
  toJson?(): string;
  close(): Promise<void>;
}

/** @param snapshot what `toJson` of an earlier process gave */
export function openMemoryStore(clock: Clock, snapshot?: string): OpenStore {
  const store = snapshot === undefined ? new MemoryStore(clock) : MemoryStore.fromJson(snapshot, clock);
  return { store, toJson: () => store.toJson(), close: async () => {} };
}

export function openFirestore(projectId: string, settings: Settings): OpenStore {
  const { databaseId, firestoreEmulatorHost } = settings;
  const store = new FirestoreStore({
    projectId,
    databaseId,
    ...(firestoreEmulatorHost ? { emulatorHost: firestoreEmulatorHost } : {}),
  });
  return { store, close: () => store.close() };
}
