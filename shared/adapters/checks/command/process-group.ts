import { readdirSync, readFileSync } from 'node:fs';

/** A variable that all processes of an invocation inherit, and by which they are found. */
export const marker = 'DEPLOY_LOOP_INVOCATION';

/**
 * Signals a process group and, on Linux, also the processes of the same invocation that have left the group by
 * `setsid`. On other systems such processes keep running.
 */
export function signalAll(group: number, invocation: string, signal: NodeJS.Signals): void {
  signalOne(-group, signal);
  for (const pid of strays(invocation)) signalOne(pid, signal);
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** The processes of an invocation that are still running, on Linux. */
export function strays(invocation: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => environmentOf(pid).includes(`${marker}=${invocation}`))
    .map(Number);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // The process has ended, or belongs to another user.
    return [];
  }
}
