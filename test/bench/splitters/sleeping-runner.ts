import { setTimeout } from 'node:timers/promises';
import type { CheckRunner } from '../../../shared/ports/check-runner.ts';

/** Runs checks that only sleep, by name, in this process: what is measured beside them is the guard's own. */
export function sleepingRunner(sleeps: ReadonlyMap<string, number>): CheckRunner {
  return {
    environment: 'process',
    collect: async () => ({ checks: [...sleeps.keys()].map((id) => ({ id })), problems: [] }),
    async run({ ids }, tell, signal) {
      for (const id of ids) {
        if (signal.aborted) return;
        const startedMs = performance.now();
        await setTimeout(sleeps.get(id));
        tell({ id, outcome: 'passed', durationMs: performance.now() - startedMs });
      }
    },
  };
}
