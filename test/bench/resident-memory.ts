import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The resident memory of a child of this process.
 * @param argument one that no other child has
 * @throws {Error} there is no such child
 */
export async function residentMiB(argument: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'ppid=,rss=,args=']);
  for (const line of stdout.split('\n')) {
    const [parent, kib, ...args] = line.trim().split(/\s+/);
    if (Number(parent) === process.pid && args.includes(argument)) return Number(kib) / 1024;
  }
  throw new Error(`no child with ${argument}`);
}
