import { FunctionsStack } from '../../stack/functions/functions-stack.ts';
import type { Bench } from '../bench.ts';
import { type FunctionsMeasure, functionsConfig, measureRollback } from '../measure-functions.ts';

const repetitions = 9;

/** How fast a deploy that answers 503 is rolled back by functions, each a process of its own with its clients connected. */
export const functionsRollback: Bench = {
  title:
    'Rollback through function processes, push and the Firestore emulator (profile fast; pauses between probes subtracted; watch 0s)',
  async run({ firestore }) {
    if (firestore === undefined) return [];
    const services = Array.from({ length: repetitions }, (_, i) => `web-${i}`);
    const firestoreHost = firestore.host;
    await using stack = await FunctionsStack.start({ services, config: functionsConfig, firestoreHost });
    const runs: FunctionsMeasure[] = [];
    for (const service of services) runs.push(await measureRollback(stack, service));
    const net = (what: string, time: (run: FunctionsMeasure) => number | undefined) => ({
      what: `message published → ${what}`,
      values: runs.map((run) => (time(run) ?? Number.NaN) - run.scheduledMs),
      unit: 'ms' as const,
    });
    return [
      net('decided', (run) => run.decidedMs),
      { ...net('traffic restored and read back', (run) => run.restoredMs), aim: 2_000 },
    ];
  },
};
