import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { directionNames } from './directions/directions.ts';
import { schedulerNames } from './kernel/scheduler.ts';
import { addSchedule, emptyTally } from './tally.ts';

const Work = z.object({
  direction: z.enum(directionNames),
  from: z.number(),
  to: z.number(),
  step: z.number(),
  schedulers: z.array(z.enum(schedulerNames)),
});
const reportEvery = 200;

/** Plays every `step`th seed from `from` to before `to`, and tells how far it is. */
async function work(): Promise<void> {
  const { direction, from, to, step, schedulers } = Work.parse(workerData);
  let tally = emptyTally();
  for (let seed = from; seed < to; seed += step) {
    for (const scheduler of schedulers) await addSchedule(tally, direction, seed, scheduler);
    if (tally.schedules < reportEvery) continue;
    parentPort?.postMessage(tally);
    tally = emptyTally();
  }
  parentPort?.postMessage(tally);
}

await work();
