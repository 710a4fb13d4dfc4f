import { describe, expect, it } from '@jest/globals';
import { describeSchedule } from './counterexample.ts';
import { directions } from './directions/directions.ts';
import { schedulerNames } from './kernel/scheduler.ts';
import { addSchedule, emptyTally } from './tally.ts';

const seeds = 2_500;
/** Far more than it takes anywhere: only a schedule that never ends is to fail by it. */
const patienceMs = 600_000;

describe('the real services in a simulated world', () => {
  it.each(schedulerNames)(
    'keep every promise in thousands of schedules of the %s scheduler',
    async (scheduler) => {
      const tally = emptyTally();
      for (let seed = 1; seed <= seeds; seed++) {
        await addSchedule(tally, 'everything', seed, scheduler);
        if (tally.counterexamples.length > 0)
          throw new Error(await describeSchedule('everything', seed, scheduler));
      }
      expect(directions.everything.scenarios.filter((scenario) => !tally.counts.has(scenario))).toEqual([]);
    },
    patienceMs,
  );

  it.each(schedulerNames)('play the same schedule for the same seed: %s', async (scheduler) => {
    const told = await describeSchedule('everything', 7, scheduler);
    expect(told.split('\n').length).toBeGreaterThan(100);
    expect(await describeSchedule('everything', 7, scheduler)).toBe(told);
    expect(await describeSchedule('everything', 8, scheduler)).not.toBe(told);
  });
});
