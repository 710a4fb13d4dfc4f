import type { WebHealth } from '../../../infra/local/containers/web-container.ts';
import type { Bench, BenchContext, Figure } from '../bench.ts';
import { measureLoop } from '../measure-loop.ts';
import { repeat } from '../repeat.ts';

const config = { health: { interval: '50ms', successes: 3, failureThreshold: 3 } };
const times = 3;
const aims = { writes: 30, reads: 50 };

/** What a run costs in Firestore: writes and document reads, as they are billed. */
export const storeOperations: Bench = {
  title: 'Store operations of one run, from the message to its end (profile fast)',
  async run({ firestore }: BenchContext) {
    const figures = await countOn('in memory', undefined);
    if (firestore === undefined) return figures;
    return [...figures, ...(await countOn('Firestore emulator', firestore.host))];
  },
};

async function countOn(name: string, firestoreHost: string | undefined): Promise<Figure[]> {
  const rolledBack = await countRun(`rolled back, ${name}`, '503', firestoreHost);
  const passed = await countRun(`passed, ${name}`, 'ok', firestoreHost);
  return [...rolledBack, ...passed];
}

async function countRun(
  name: string,
  health: WebHealth,
  firestoreHost: string | undefined,
): Promise<Figure[]> {
  const runs = await repeat(times, () => measureLoop({ profile: 'fast', health, config, firestoreHost }));
  const unit = 'operations';
  return [
    { what: `${name}: writes`, values: runs.map(({ writes }) => writes), unit, aim: aims.writes },
    { what: `${name}: reads`, values: runs.map(({ reads }) => reads), unit, aim: aims.reads },
  ];
}
