import type { Ports } from '../ports/ports.ts';
import type { CollectPorts } from '../services/jobs/collect-ports.ts';
import { createCollectPorts, createFunctionPorts } from './container.ts';
import { environment } from './environment.ts';
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

/** @throws {SettingsError} a misconfigured function must not start */
export function pushRuntime(): FunctionRuntime<PushSettings> {
  const settings = parsePushSettings(environment);
  return { settings, ports: shared ?? createFunctionPorts(settings) };
}

/** @throws {SettingsError} */
export function functionRuntime(): FunctionRuntime {
  const settings = parseFunctionSettings(environment);
  return { settings, ports: shared ?? createFunctionPorts(settings) };
}

/** The ports of the function that serves jobs. @throws {SettingsError} */
export function collectPorts(): CollectPorts {
  return createCollectPorts(parseFunctionSettings(environment), shared);
}
