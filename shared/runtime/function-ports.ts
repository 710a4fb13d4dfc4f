import type { Ports } from '../ports/ports.ts';
import type { CollectPorts } from '../services/jobs/collect-ports.ts';
import { createCollectPorts, createFunctionPorts, createIdTokenVerifier } from './container.ts';
import { environment } from './environment.ts';
import { listenOnLoopback } from './framework/listen-on-loopback.ts';
import type { FunctionName } from './hops.ts';
import type { IdTokenVerifier } from './push-auth.ts';
import {
  type FunctionSettings,
  type PushSettings,
  parseFunctionSettings,
  parsePushSettings,
} from './settings.ts';

/** The ports of a function. */
export interface FunctionRuntime<S extends FunctionSettings = FunctionSettings> {
  readonly settings: S;
  readonly ports: Ports;
}

let shared: Ports | undefined;

/** Gives all functions of this process the same ports: a whole pipeline over one memory store. */
export function sharePorts(ports: Ports): void {
  shared = ports;
}

/** The ports of a function behind push subscriptions. */
export interface PushRuntime extends FunctionRuntime<PushSettings> {
  readonly verifier: IdTokenVerifier;
}

/** @throws {SettingsError} a misconfigured function must not start */
export function pushRuntime(name: FunctionName): PushRuntime {
  const settings = parsePushSettings(name, environment);
  return { ...runtimeOf(settings), verifier: createIdTokenVerifier() };
}

/** @throws {SettingsError} */
export function functionRuntime(): FunctionRuntime {
  return runtimeOf(parseFunctionSettings(environment));
}

/** To be called before the framework creates its server. */
function prepareProcess({ listensOn }: FunctionSettings): void {
  // With any other value express sends stack traces to callers.
  process.env.NODE_ENV = 'production';
  // Functions that share a process have servers whose address is named.
  if (listensOn === 'loopback' && shared === undefined) listenOnLoopback();
}

function runtimeOf<S extends FunctionSettings>(settings: S): FunctionRuntime<S> {
  prepareProcess(settings);
  return { settings, ports: shared ?? createFunctionPorts(settings) };
}

/** The ports of the function that serves jobs. @throws {SettingsError} */
export function collectPorts(): CollectPorts {
  const settings = parseFunctionSettings(environment);
  prepareProcess(settings);
  return createCollectPorts(settings, shared);
}
