import type { Bench, Figure } from '../bench.ts';
import { ChecksStack, someWaits } from '../checks-stack.ts';
import { type ChecksMeasure, lowerBoundMs, measureChecks, passed } from '../measure-checks.ts';
import { repeat } from '../repeat.ts';

const count = 1_000;
const workers = 16;
const times = 3;
/** One check of a hundred, evenly propagation: the first of ten is met after about a tenth of the run. */
const broken = '37';

interface Runs {
  readonly first: ChecksMeasure;
  readonly known: ChecksMeasure;
  readonly regressed: ChecksMeasure;
}

/** How near a real run comes to the least possible, how soon it is decided, and how soon it stops. */
export const checksTimes: Bench = {
  title: `${count} HTTP checks of 20 to 200 ms on ${workers} workers (profile fast, guard in this process)`,
  async run({ firestore }) {
    const inMemory = await measureOn('in memory', undefined);
    return firestore === undefined
      ? inMemory
      : [...inMemory, ...(await measureOn('Firestore emulator', firestore.host))];
  },
};

async function measureOn(name: string, firestoreHost: string | undefined): Promise<readonly Figure[]> {
  const waits = someWaits(count);
  const runs = await repeat(times, () => measureRuns(waits, firestoreHost));
  const boundMs = lowerBoundMs(waits, workers);
  const line = (
    what: string,
    unit: Figure['unit'],
    of: (run: Runs) => number | undefined,
    aim?: number,
  ): Figure => ({
    what: `${name}: ${what}`,
    unit,
    values: runs.map((run) => of(run) ?? Number.NaN),
    ...(aim !== undefined && { aim }),
  });
  return [
    line('first run, makespan ÷ lower bound', 'ratio', ({ first }) => first.makespanMs / boundMs, 1.1),
    line('durations known, makespan ÷ lower bound', 'ratio', ({ known }) => known.makespanMs / boundMs, 1.1),
    line(
      'the same, ÷ lower bound of what checks took',
      'ratio',
      ({ known }) => known.makespanMs / lowerBoundMs(known.durations, workers),
    ),
    line(
      'a check above its wait, mean',
      'ms',
      ({ known }) => (lowerBoundMs(known.durations, 1) - lowerBoundMs(waits, 1)) / count,
    ),
    line('last result → decided', 'ms', ({ known }) => known.decisionMs, 300),
    line('regression known, as a share of the lower bound', 'ratio', ({ regressed }) =>
      regressed.regressionMs === undefined ? undefined : regressed.regressionMs / boundMs,
    ),
    line('regression known → all workers idle', 'ms', ({ regressed }) => regressed.idleMs, 2_000),
  ];
}

async function measureRuns(waits: readonly number[], firestoreHost: string | undefined): Promise<Runs> {
  await using stack = await ChecksStack.start({ waits, workers, firestoreHost });
  const measure = async (ending?: string) => measureChecks(stack, await stack.run(ending));
  const first = passed(await measure());
  const known = passed(await measure());
  const regressed = await measure(broken);
  if (regressed.verdict !== 'fail') throw new Error(`a regression passed: ${regressed.reasons}`);
  return { first, known, regressed };
}
