import { readdirSync, readFileSync } from 'node:fs';

/** Which processes an invocation has started, by a variable that all of them inherit. */
export const marker = 'DEPLOY_LOOP_INVOCATION';

/**
 * Signals a process group, and on Linux whatever was started by the same invocation and has left the group by
 * `setsid`; elsewhere such a process goes on.
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

/** What an invocation has started and is still at work, on Linux. */
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
    // It has ended, or is somebody else's.
    return [];
  }
}
