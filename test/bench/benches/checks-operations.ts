import type { Bench, Figure } from '../bench.ts';
import { ChecksStack, someWaits } from '../checks-stack.ts';
import { measureChecks, passed } from '../measure-checks.ts';

const count = 1_000;
/** USD per 100,000: Firestore's list price in a region of one location, without the free quota. */
const prices = { write: 0.18, read: 0.06 };

/** What checks cost in Firestore, from the message of the deploy to the end of its run, and how often one document is written. */
export const checksOperations: Bench = {
  title: `Store operations of a run with ${count} HTTP checks, per check (profile fast, everything of the run counted)`,
  async run({ firestore }) {
    const figures: Figure[] = [];
    for (const workers of [4, 16, 128])
      figures.push(...(await measure(`${workers} workers, in memory`, workers)));
    if (firestore !== undefined)
      figures.push(...(await measure('16 workers, Firestore emulator', 16, firestore.host)));
    return figures;
  },
};

async function measure(name: string, workers: number, firestoreHost?: string): Promise<readonly Figure[]> {
  const waits = someWaits(count);
  await using stack = await ChecksStack.start({ waits, workers, firestoreHost });
  const run = await stack.run();
  const { startedAt, decidedAt } = passed(await measureChecks(stack, run));
  const working = stack.written.hottest(startedAt, decidedAt);
  const ever = stack.written.hottest(run.arrivedAt, stack.now());
  const usd = ((run.writes * prices.write + run.reads * prices.read) / 100_000) * (1_000 / count);
  const line = (what: string, value: number, unit: Figure['unit'], aim?: number): Figure => ({
    what: `${name}: ${what}`,
    values: [value],
    unit,
    ...(aim !== undefined && { aim }),
  });
  return [
    line('writes per check', run.writes / count, 'ratio', 2),
    line('reads per check', run.reads / count, 'ratio', 2),
    line('per 1,000 checks', usd, 'USD'),
    line(
      `writes in a second of the hottest document while checks run, ${working.document}`,
      working.mostInSecond,
      'operations',
      1,
    ),
    line(`the same in the whole run, ${ever.document}`, ever.mostInSecond, 'operations'),
  ];
}
