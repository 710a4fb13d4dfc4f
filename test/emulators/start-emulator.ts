import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from './emulators.ts';

export interface RunningEmulator {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Ends the process and those it started; resolves when it is gone. */
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;
const pollMs = 25;
const attempts = 3;

/**
 * Starts an emulator on a free port and waits until it answers.
 *
 * @throws {Error} it ended, or did not answer within 30 s; with what it printed
 */
export async function startEmulator(emulator: Emulator): Promise<RunningEmulator> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(emulator, await freePort());
    } catch (error) {
      // Another process may have taken the port between our look and Java's start.
      if (attempt === attempts) throw error;
    }
  }
}

async function startOnce(emulator: Emulator, port: number): Promise<RunningEmulator> {
  // A group of its own, so that it can be ended with all its children and with nothing else.
  const child = spawn('java', emulator.javaArguments(port), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  child.on('error', (error) => output.push(String(error)));
  const endWithUs = () => signal(child, 'SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    process.removeListener('exit', endWithUs);
    await end(child);
  };
  const host = `127.0.0.1:${port}`;
  const deadline = performance.now() + readyWithinMs;
  while (!(await answersOk(host))) {
    if (hasEnded(child) || performance.now() > deadline) {
      await stop();
      throw new Error(`${emulator.name} did not start:\n${output.join('').slice(-2000)}`);
    }
    await sleep(pollMs);
  }
  return { host, stop };
}

async function answersOk(host: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(1000) });
    return (await response.text()).trim() === 'Ok';
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  // Nothing in it is worth saving, and a polite end takes Java a second.
  signal(child, 'SIGKILL');
  await ended;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended by itself.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
