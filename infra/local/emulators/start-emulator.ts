import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from './emulators.ts';

export interface RunningEmulator {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Resolves when it is gone. Nothing in it is worth a polite end, which takes Java a second. */
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;
const pollMs = 25;
const attempts = 3;

/** Runs a command that is killed when standard input ends: with this process at the latest, however that ends. */
const tiedToInput = `
  exec 3<&0
  "$@" </dev/null &
  command=$!
  (read -r _ <&3; kill -9 $command) &
  watcher=$!
  wait $command
  kill $watcher
  wait $watcher`;

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
  const child = spawn('sh', ['-c', tiedToInput, 'sh', 'java', ...emulator.javaArguments(port)]);
  let output = '';
  const keep = (chunk: unknown) => {
    output = `${output}${chunk}`.slice(-2000);
  };
  child.on('error', keep);
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const stop = () => end(child);
  const host = `127.0.0.1:${port}`;
  const deadline = performance.now() + readyWithinMs;
  while (!(await answersOk(host))) {
    if (hasEnded(child) || performance.now() > deadline) {
      await stop();
      throw new Error(`${emulator.name} did not start:\n${output}`);
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

async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}

function hasEnded(child: ChildProcessWithoutNullStreams): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
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
