import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { exitText } from '../platform-texts.ts';
import type { Container } from './container.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { OrphanGuard } from './orphan-guard.ts';
import { signalGroup } from './process-group.ts';
import { killProcess } from './process-tree.ts';

export interface ContainerProcessOptions {
  readonly container: Container;
  /** What Cloud Run itself sets. */
  readonly platformEnv: Readonly<Record<string, string>>;
  readonly logs: LogBuffer;
  readonly guard: OrphanGuard;
}

/** One running container: a process group. */
export class ContainerProcess {
  /** Aborted as soon as the main process has ended. */
  readonly ended: AbortSignal;
  /** Resolves when the main process has ended, its group is killed and its output is read. */
  readonly closed: Promise<void>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor({ container, platformEnv, logs, guard }: ContainerProcessOptions) {
    const child = spawn(container.command, container.args ?? [], {
      detached: true,
      shell: false,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing of our own environment but PATH: a container in Cloud Run would not see it either.
      env: { PATH: process.env.PATH, ...container.env, ...platformEnv },
    });
    this.#child = child;
    if (child.pid !== undefined) guard.watch(child.pid);
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream] }).on('line', (line) => logs.add(stream, line));
    }
    const ended = new AbortController();
    this.ended = ended.signal;
    this.closed = new Promise((resolve) => {
      child.once('error', (error) => {
        logs.add('platform', `The container could not be started: ${error.message}`);
        ended.abort();
        resolve();
      });
      child.once('exit', (code, signal) => {
        logs.add('platform', exitText({ code, signal }));
        this.signal('SIGKILL');
        ended.abort();
      });
      child.once('close', () => {
        if (child.pid !== undefined) guard.forget(child.pid);
        resolve();
      });
    });
  }

  get running(): boolean {
    return !this.ended.aborted;
  }

  /** True: the main process has ended by itself, without an error. */
  get succeeded(): boolean {
    return this.#child.exitCode === 0;
  }

  /** Reaches every process of the container. */
  signal(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, signal);
  }

  /**
   * SIGTERM, then SIGKILL after `graceMs`. Resolves when all of it is gone.
   * @param alsoReach processes that may have left the group: killed with it if it does not end by itself
   */
  async stop(graceMs: number, alsoReach?: (pid: number) => Promise<readonly number[]>): Promise<void> {
    if (this.running && graceMs > 0) {
      this.signal('SIGCONT');
      this.signal('SIGTERM');
      await Promise.race([
        this.closed,
        setTimeout(graceMs, undefined, { signal: this.ended }).catch(() => {}),
      ]);
    }
    const { pid } = this.#child;
    const strays = this.running && pid !== undefined ? ((await alsoReach?.(pid)) ?? []) : [];
    this.signal('SIGKILL');
    for (const stray of strays) killProcess(stray);
    await this.closed;
  }
}
