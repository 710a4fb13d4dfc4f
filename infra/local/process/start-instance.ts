import { probeFailureText } from '../platform-texts.ts';
import { awaitListening } from './await-listening.ts';
import { freePort } from './free-port.ts';
import { Instance, type InstanceOptions } from './instance.ts';

export type StartOptions = Omit<InstanceOptions, 'port'> & {
  readonly startTimeoutMs: number;
  /** The name that the platform's own log lines give the container. */
  readonly containerName: string;
};

/** Starts a container and waits for its port. Undefined: it ended, or did not listen in time; nothing is left of it. */
export async function startInstance(options: StartOptions): Promise<Instance | undefined> {
  const instance = new Instance({ ...options, port: await freePort() });
  if (await awaitListening(instance.port, options.startTimeoutMs, instance.ended)) return instance;
  const status = instance.running ? 'DEADLINE_EXCEEDED' : 'CANCELLED';
  await instance.stop(0);
  options.logs.add('platform', probeFailureText(options.containerName, status));
  return undefined;
}
