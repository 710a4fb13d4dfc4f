import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandEnd } from '../../../test-reports/judge-report.ts';
import { marker, signalAll, strays } from './process-group.ts';

export interface Command {
  /** For `sh -c`. */
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Identifies the invocation; unique. */
  readonly invocation: string;
  readonly timeoutMs: number;
  /** How much of its standard output is kept, from the beginning. */
  readonly maxOutput: number;
  readonly signal: AbortSignal;
}

export interface Ended extends CommandEnd {
  /** The beginning of its standard output. */
  readonly output: string;
  /** True: the output was longer. */
  readonly cut: boolean;
}

/** From SIGTERM to SIGKILL. */
const graceMs = 800;
/** The pause between two checks whether killed processes have ended: the system needs a moment. */
const lookMs = 5;
/** The error stands before the stack frames and the summary. */
const tailLength = 32_000;

/**
 * Runs a command in a process group of its own and reads all its output. Resolves when no process of the group is left,
 * background processes included: they would keep the pipes open for ever.
 */
export async function runCommand(command: Command): Promise<Ended> {
  const { script, args, cwd, env, invocation, timeoutMs, maxOutput, signal } = command;
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
    cwd,
    env: { ...env, [marker]: invocation },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = new Printed(maxOutput);
  printed.read(child.stdout, true);
  printed.read(child.stderr, false);
  const failed = once(child, 'error').then(([error]: unknown[]) => String(error));
  const { pid } = child;
  if (pid === undefined)
    return { ...printed.text, how: 'not-started', code: undefined, signal: undefined, tail: await failed };
  failed.catch(() => {});
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  const timeout = AbortSignal.timeout(Math.max(1, timeoutMs));
  const stop = AbortSignal.any([signal, timeout]);
  const finished = new AbortController();
  const stopping = stopWhenAsked(stop, finished.signal, pid, invocation);
  const [code, ending] = await ended;
  finished.abort();
  await stopping;
  signalAll(pid, invocation, 'SIGKILL');
  await endOf(invocation);
  await printed.ended(child.stdout, child.stderr);
  const how = signal.aborted ? 'aborted' : timeout.aborted ? 'timeout' : 'exited';
  return { ...printed.text, how, code: code ?? undefined, signal: ending ?? undefined };
}

async function stopWhenAsked(
  stop: AbortSignal,
  finished: AbortSignal,
  group: number,
  invocation: string,
): Promise<void> {
  if (!stop.aborted)
    await Promise.race([once(stop, 'abort', { signal: finished }), once(finished, 'abort')]).catch(() => {});
  if (finished.aborted) return;
  signalAll(group, invocation, 'SIGTERM');
  await delay(graceMs, undefined, { signal: finished }).catch(() => {});
  if (!finished.aborted) signalAll(group, invocation, 'SIGKILL');
}

async function endOf(invocation: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < graceMs && strays(invocation).length > 0; waitedMs += lookMs)
    await delay(lookMs);
}

/** Output of a process: its beginning and its end, without the gigabytes that may lie in between. */
class Printed {
  readonly #maxOutput: number;
  #output = '';
  #cut = false;
  #tail = '';

  constructor(maxOutput: number) {
    this.#maxOutput = maxOutput;
  }

  get text(): Pick<Ended, 'output' | 'cut' | 'tail'> {
    return { output: this.#output, cut: this.#cut, tail: this.#tail };
  }

  read(stream: Readable, isOutput: boolean): void {
    stream.setEncoding('utf8').on('error', () => {});
    stream.on('data', (text: string) => {
      this.#tail = (this.#tail + text).slice(-tailLength);
      if (!isOutput) return;
      const room = this.#maxOutput - this.#output.length;
      this.#output += text.slice(0, room);
      this.#cut ||= text.length > room;
    });
  }

  /** Reads what is still in the pipes; the processes that held them open have been killed. */
  async ended(...streams: readonly Readable[]): Promise<void> {
    const all = Promise.all(
      streams.map((stream) => (stream.readableEnded ? undefined : once(stream, 'close'))),
    );
    await Promise.race([all.catch(() => {}), delay(graceMs)]);
    for (const stream of streams) stream.destroy();
  }
}
