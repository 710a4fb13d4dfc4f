import { probeFailureText } from '../platform-texts.ts';
import { awaitListening } from './await-listening.ts';
import { freePort } from './free-port.ts';
import { Instance, type InstanceOptions } from './instance.ts';

export type StartOptions = Omit<InstanceOptions, 'port'> & {
  readonly startTimeoutMs: number;
  /** The name that the platform's own log lines give the container. */
  readonly containerName: string;
  /** Gives up: the instance is not wanted any more. */
  readonly signal: AbortSignal;
};

/** Starts a container and waits for its port. Undefined: it ended, or did not listen in time; nothing is left of it. */
export async function startInstance(options: StartOptions): Promise<Instance | undefined> {
  const instance = new Instance({ ...options, port: await freePort() });
  const end = AbortSignal.any([instance.ended, options.signal]);
  if (await awaitListening(instance.port, options.startTimeoutMs, end)) return instance;
  const status = instance.running ? 'DEADLINE_EXCEEDED' : 'CANCELLED';
  await instance.stop(0);
  if (!options.signal.aborted) options.logs.add('platform', probeFailureText(options.containerName, status));
  return undefined;
}
