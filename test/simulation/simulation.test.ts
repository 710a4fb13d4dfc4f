import { describe, expect, it } from '@jest/globals';
import { describeSchedule } from './counterexample.ts';
import { schedulerNames } from './kernel/scheduler.ts';
import { addSchedule, emptyTally } from './tally.ts';

const seeds = 2_500;
/** Far more than it takes anywhere: only a schedule that never ends is to fail by it. */
const patienceMs = 600_000;

/** Things that must have happened, or the schedules show nothing. */
const scenarios = [
  'effect rollback done rolled-back',
  'effect promote done promoted',
  'effect step done promoted',
  'effect abort done aborted',
  'effect mark-good done recorded-good',
  'outcome restored',
  'verdict superseded',
  'conflicts',
  'crash-before',
  'crash-after',
  'freeze',
  'answer-lost',
  'lost answers',
  'duplicates',
  'delays',
  'human edits',
  'moves by hand',
  'label edits',
  'deletions',
  'dependency failures',
  'kill switches',
  'pauses',
  'aborts',
  'leases taken again',
  'zombies',
  'bursts',
  'bursts decided by health',
  'slot turns',
  'messages of older turns',
  'half-made plans',
  'gates lost early',
  'tests superseded',
];

describe('the real services in a simulated world', () => {
  it.each(schedulerNames)(
    'keep every promise in thousands of schedules of the %s scheduler',
    async (scheduler) => {
      const tally = emptyTally();
      for (let seed = 1; seed <= seeds; seed++) {
        await addSchedule(tally, seed, scheduler);
        if (tally.counterexamples.length > 0) throw new Error(await describeSchedule(seed, scheduler));
      }
      expect(scenarios.filter((scenario) => !tally.counts.has(scenario))).toEqual([]);
    },
    patienceMs,
  );

  it.each(schedulerNames)('play the same schedule for the same seed: %s', async (scheduler) => {
    const told = await describeSchedule(7, scheduler);
    expect(told.split('\n').length).toBeGreaterThan(100);
    expect(await describeSchedule(7, scheduler)).toBe(told);
    expect(await describeSchedule(8, scheduler)).not.toBe(told);
  });
});
