import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { describeSchedule } from './counterexample.ts';
import { type DirectionName, directionNames } from './directions/directions.ts';
import { schedulerNames } from './kernel/scheduler.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

const whole = z.coerce.number().int().min(0);
const Options = z.strictObject({
  direction: z.enum(directionNames).default('everything'),
  schedules: whole.default(100_000),
  /** The first one; with `--trace` the only one. */
  seed: whole.default(1),
  scheduler: z.enum(schedulerNames).optional(),
  trace: z.boolean().default(false),
});
const shownCounterexamples = 20;

/** Plays many schedules on all cores, or tells one. @returns an exit code */
async function main(): Promise<number> {
  const { values } = parseArgs({
    strict: false,
    options: {
      direction: { type: 'string' },
      schedules: { type: 'string' },
      seed: { type: 'string' },
      scheduler: { type: 'string' },
      trace: { type: 'boolean' },
    },
  });
  const parsed = Options.safeParse(values);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      process.stderr.write(`simulate: ${path.length > 0 ? `--${path.join('.')}: ` : ''}${message}\n`);
    return 2;
  }
  const { direction, schedules, seed, scheduler, trace } = parsed.data;
  if (trace) {
    for (const name of scheduler ? [scheduler] : schedulerNames)
      print(await describeSchedule(direction, seed, name));
    return 0;
  }
  const schedulers = scheduler ? [scheduler] : schedulerNames;
  const tally = await playAll(direction, seed, Math.ceil(schedules / schedulers.length), schedulers);
  await report(tally);
  return tally.counterexamples.length > 0 ? 1 : 0;
}

async function playAll(
  direction: DirectionName,
  seed: number,
  seeds: number,
  schedulers: readonly string[],
): Promise<Tally> {
  const sum = emptyTally();
  const started = performance.now();
  const step = availableParallelism();
  const workers = Array.from({ length: step }, async (_, i) => {
    const workerData = { direction, from: seed + i, to: seed + seeds, step, schedulers };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    worker.on('message', (part: Tally) => {
      addTally(sum, part);
      progress(sum, seeds * schedulers.length, started);
    });
    await once(worker, 'exit');
  });
  await Promise.all(workers);
  process.stderr.write('\n');
  return sum;
}

function progress({ schedules, counterexamples }: Tally, all: number, startedMs: number): void {
  const perSecond = Math.round(schedules / ((performance.now() - startedMs) / 1000));
  const line = `${schedules} of ${all} schedules, ${perSecond} a second, ${counterexamples.length} counterexamples`;
  process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
}

async function report({ schedules, steps, counts, counterexamples }: Tally): Promise<void> {
  for (const { seed, scheduler, promises } of counterexamples.slice(0, shownCounterexamples))
    print(`${seed} ${scheduler}: ${promises.join(' | ')}`);
  for (const [promise, { n, seed, scheduler }] of byPromise(counterexamples))
    print(`${String(n).padStart(9)}  not kept: ${promise} (first ${seed} ${scheduler})`);
  const [first] = counterexamples;
  if (first) print(await describeSchedule(first.direction, first.seed, first.scheduler));
  for (const [what, n] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
    print(`${String(n).padStart(9)}  ${what}`);
  print(`${schedules} schedules, ${steps} steps, ${counterexamples.length} counterexamples`);
}

/** How many schedules break each promise, and which is the first. */
function byPromise(counterexamples: Tally['counterexamples']) {
  const found = new Map<string, { n: number; readonly seed: number; readonly scheduler: string }>();
  for (const { seed, scheduler, promises } of counterexamples.toSorted((a, b) => a.seed - b.seed))
    for (const promise of new Set(promises.map((text) => text.split(': ')[0] ?? ''))) {
      const entry = found.get(promise) ?? { n: 0, seed, scheduler };
      entry.n++;
      found.set(promise, entry);
    }
  return found;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
