import { fileURLToPath } from 'node:url';
import { runChild } from './run-child.ts';

/** Which worker does which tests. */
export type Split = readonly (readonly string[])[];

const program = fileURLToPath(new URL('./static-runner.ts', import.meta.url));

/** Test after test, each to the next worker. */
export function roundRobin(names: readonly string[], workers: number): Split {
  return Array.from({ length: workers }, (_, worker) => names.filter((_name, n) => n % workers === worker));
}

/** As many to each worker, in the order of the list: what Playwright's `--shard` does with single tests. */
export function equalCounts(names: readonly string[], workers: number): Split {
  const at = (worker: number) => Math.ceil((names.length * worker) / workers);
  return Array.from({ length: workers }, (_, worker) => names.slice(at(worker), at(worker + 1)));
}

/** Plays a split with a process per worker that does nothing but sleep. */
export async function runSplit(
  split: Split,
  sleeps: ReadonlyMap<string, number>,
  folder: string,
): Promise<void> {
  await Promise.all(
    split.map((names) =>
      runChild(process.execPath, [program, folder, ...names.map((name) => `${name}=${sleeps.get(name)}`)], {
        cwd: folder,
      }),
    ),
  );
}
