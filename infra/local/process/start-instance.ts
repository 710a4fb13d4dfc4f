import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { probeFailureText } from '../platform-texts.ts';
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

const pollMs = 15;

/**
 * Cloud Run's default startup probe: a TCP connect.
 * @param signal ends the wait early
 * @returns false when nothing listened within `timeoutMs`, or the signal came first
 */
async function awaitListening(port: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!signal.aborted && performance.now() < deadline) {
    if (await canConnect(port)) return true;
    await setTimeout(pollMs, undefined, { signal }).catch(() => {});
  }
  return false;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
