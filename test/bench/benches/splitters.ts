import type { Bench, Figure } from '../bench.ts';
import { ChecksStack } from '../checks-stack.ts';
import { lowerBoundMs, measureChecks, passed } from '../measure-checks.ts';
import { JestSuite } from '../splitters/jest-suite.ts';
import { sleepingRunner } from '../splitters/sleeping-runner.ts';
import { SpanFolder, type Spans, someSleeps } from '../splitters/sleeping-tests.ts';
import { equalCounts, roundRobin, runSplit, type Split } from '../splitters/splits.ts';
import { findXdist, XdistSuite } from '../splitters/xdist-suite.ts';

const count = 64;
const workers = 4;
const rounds = 9;
const mostAboveBest = 1.03;

/** One way to share the tests out. */
interface Arm {
  readonly name: string;
  run(): Promise<Spans>;
}

/**
 * The guard beside what others do, on the same sleeping tests and as many workers, in mixed rounds. Its dispatch,
 * claims and workers are the real ones, with the store in memory; only its checks sleep in its process. What is counted
 * with its start is all from the message of the deploy to the decision; with those of others, their processes.
 */
export const splitters: Bench = {
  title: `${count} sleeping tests on ${workers} workers: Deploy Loop beside other ways to share them out`,
  async run() {
    const sleeps = someSleeps(count);
    await using spans = await SpanFolder.create();
    const waits = [...sleeps.values()];
    await using stack = await ChecksStack.start({ waits, workers, runner: sleepingRunner(sleeps) });
    const ours: Arm = { name: 'Deploy Loop, durations known', run: () => runOurs(stack) };
    const first = await ours.run();
    const others = await otherArms(sleeps, spans);
    const arms = [ours, ...others.arms];
    const results = new Map<Arm, Spans[]>(arms.map((arm) => [arm, []]));
    for (let round = 0; round < rounds; round++)
      // Each is first, second … in turn: what a neighbour leaves behind falls on all.
      for (const n of arms.keys()) {
        const arm = arms[(n + round) % arms.length];
        if (arm) results.get(arm)?.push(await arm.run());
      }
    const boundMs = lowerBoundMs(waits, workers);
    return [...figuresOf(results, ours, first, boundMs), ...others.missing];
  },
};

async function runOurs(stack: ChecksStack): Promise<Spans> {
  const measure = passed(await measureChecks(stack, await stack.run()));
  return { wholeMs: measure.wholeMs, testsMs: measure.makespanMs };
}

async function otherArms(
  sleeps: ReadonlyMap<string, number>,
  spans: SpanFolder,
): Promise<{ readonly arms: readonly Arm[]; readonly missing: readonly Figure[] }> {
  const names = [...sleeps.keys()];
  const jest = await JestSuite.create(spans.path, sleeps, workers);
  const split = (name: string, plan: Split): Arm => ({
    name: `${name}, by processes that only sleep`,
    run: () => spans.measure(sleeps, (folder) => runSplit(plan, sleeps, folder)),
  });
  const runner = (name: string, suite: { run(folder: string): Promise<void> }): Arm => ({
    name,
    run: () => spans.measure(sleeps, (folder) => suite.run(folder)),
  });
  const found = await findXdist();
  const xdist =
    'python' in found ? await XdistSuite.create(spans.path, found.python, sleeps, workers) : undefined;
  return {
    arms: [
      split('round-robin', roundRobin(names, workers)),
      split("equal counts as Playwright's --shard", equalCounts(names, workers)),
      split("the split of Jest's --shard", await jest.split()),
      runner('jest --shard, a Jest per shard', jest),
      ...(xdist ? [runner('pytest-xdist, load', xdist)] : []),
    ],
    missing: 'missing' in found ? [{ what: `without ${found.missing}`, values: [], unit: 'ratio' }] : [],
  };
}

function figuresOf(
  results: ReadonlyMap<Arm, readonly Spans[]>,
  ours: Arm,
  first: Spans,
  boundMs: number,
): readonly Figure[] {
  const rows = (what: string, of: (spans: Spans) => number): readonly Figure[] => {
    const all = [...results].map(([arm, spans]) => ({ arm, values: spans.map((span) => of(span)) }));
    const own = all.find(({ arm }) => arm === ours)?.values ?? [];
    const best = own.map((_, round) =>
      Math.min(...all.filter(({ arm }) => arm !== ours).map(({ values }) => values[round] ?? Number.NaN)),
    );
    return [
      ...all.map(
        ({ arm, values }): Figure => ({
          what: `${what}: ${arm.name}`,
          values: values.map((ms) => ms / boundMs),
          unit: 'ratio',
        }),
      ),
      {
        what: `${what}: Deploy Loop ÷ the best other of each round`,
        values: own.map((ms, round) => ms / (best[round] ?? Number.NaN)),
        unit: 'ratio',
        aim: mostAboveBest,
      },
    ];
  };
  return [
    ...rows('without starts', ({ testsMs }) => testsMs),
    { what: 'without starts: Deploy Loop, its first run', values: [first.testsMs / boundMs], unit: 'ratio' },
    ...rows('with starts', ({ wholeMs }) => wholeMs),
  ];
}
