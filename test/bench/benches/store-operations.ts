import type { WebHealth } from '../../../infra/local/containers/web-container.ts';
import type { Bench, BenchContext, Figure } from '../bench.ts';
import { measureLoop } from '../measure-loop.ts';
import { repeat } from '../repeat.ts';

const config = { health: { interval: '50ms', successes: 3, failureThreshold: 3 } };
const gate = { mode: 'gate' };
const times = 3;
const aims = { writes: 30, reads: 50 };

/** What a run costs in Firestore: writes and document reads, as they are billed. */
export const storeOperations: Bench = {
  title: 'Store operations of one run, from the message to its end (profile fast, watch 0s)',
  async run({ firestore }: BenchContext) {
    const figures = await countOn('in memory', undefined);
    if (firestore === undefined) return figures;
    return [...figures, ...(await countOn('Firestore emulator', firestore.host))];
  },
};

async function countOn(name: string, firestoreHost: string | undefined): Promise<Figure[]> {
  const rolledBack = await countRun(`rolled back, ${name}`, '503', firestoreHost);
  const passed = await countRun(`passed, ${name}`, 'ok', firestoreHost);
  const promoted = await countRun(`mode gate: promoted, ${name}`, 'ok', firestoreHost, gate);
  const refused = await countRun(`mode gate: refused, ${name}`, '503', firestoreHost, gate);
  return [...rolledBack, ...passed, ...promoted, ...refused];
}

async function countRun(
  name: string,
  health: WebHealth,
  firestoreHost: string | undefined,
  mode: typeof gate | undefined = undefined,
): Promise<Figure[]> {
  const options = { profile: 'fast', health, firestoreHost, noTraffic: mode !== undefined } as const;
  const runs = await repeat(times, () => measureLoop({ ...options, config: { ...config, ...mode } }));
  const line = (what: 'writes' | 'reads'): Figure => ({
    what: `${name}: ${what}`,
    values: runs.map((run) => run[what]),
    unit: 'operations',
    // Those of modes that write traffic themselves have none yet.
    ...(mode === undefined ? { aim: aims[what] } : {}),
  });
  return [line('writes'), line('reads')];
}
