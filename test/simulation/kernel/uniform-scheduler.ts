import type { Dice } from './dice.ts';
import type { Scheduler } from './scheduler.ts';

/** How often time passes although somebody is ready: calls that take long. */
const waitProbability = 0.02;

/** Each ready step is as likely as any other. */
export function uniformScheduler(dice: Dice): Scheduler {
  return {
    admit: () => undefined,
    choose: (ready, mayWait) => (mayWait && dice.chance(waitProbability) ? -1 : dice.below(ready.length)),
  };
}
