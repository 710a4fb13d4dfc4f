import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./orphan-guard-main.ts', import.meta.url));

/** Sees to it that no container outlives this process, even one that crashes or is killed. */
export class OrphanGuard {
  #child: ChildProcessByStdio<Writable, null, null> | undefined;

  watch(group: number): void {
    this.#child ??= start();
    this.#child.stdin.write(`+${group}\n`);
  }

  forget(group: number): void {
    this.#child?.stdin.write(`-${group}\n`);
  }

  /** Kills what is still watched. Resolves when the guard itself is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
  }
}

function start(): ChildProcessByStdio<Writable, null, null> {
  // Its own group: the terminal's Ctrl-C must not end the guard before its work.
  const child = spawn(process.execPath, [program], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return child;
}
