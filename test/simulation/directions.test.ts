import { describe, expect, it } from '@jest/globals';
import { describeSchedule } from './counterexample.ts';
import { type DirectionName, directionNames, directions } from './directions/directions.ts';
import { schedulerNames } from './kernel/scheduler.ts';
import { addSchedule, emptyTally } from './tally.ts';

const seeds = 300;
/** Far more than it takes anywhere: only a schedule that never ends is to fail by it. */
const patienceMs = 300_000;

describe('the real services in a simulated world, in one direction', () => {
  it.each(directionNames.filter((name) => name !== 'everything'))(
    'keep every promise in hundreds of schedules: %s',
    async (direction: DirectionName) => {
      const tally = emptyTally();
      for (let seed = 1; seed <= seeds; seed++) {
        const scheduler = schedulerNames[seed % schedulerNames.length] ?? 'uniform';
        await addSchedule(tally, direction, seed, scheduler);
        if (tally.counterexamples.length > 0)
          throw new Error(await describeSchedule(direction, seed, scheduler));
      }
      expect(directions[direction].scenarios.filter((scenario) => !tally.counts.has(scenario))).toEqual([]);
    },
    patienceMs,
  );
});
