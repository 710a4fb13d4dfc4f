import type { Dice } from './dice.ts';
import type { Scheduler } from './scheduler.ts';

/** Steps of a usual schedule: change points lie within. */
const horizon = 600;
const maxChangePoints = 6;

/**
 * Random priorities with a few change points: at each, whoever would go on comes last from then on, and time may pass
 * meanwhile. Finds orders that need one actor to be very late, which a uniform choice hardly ever makes.
 * (Burckhardt and others: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.)
 */
export function priorityScheduler(dice: Dice): Scheduler {
  const changePoints = new Set(
    Array.from({ length: dice.below(maxChangePoints + 1) }, () => dice.below(horizon)),
  );
  let steps = 0;
  let lowest = 0;
  let stalls = 0;
  return {
    admit: (actor) => {
      actor.priority = 1 + dice.fraction();
    },
    choose: (ready, mayWait) => {
      if (stalls > 0 && mayWait) {
        stalls--;
        return -1;
      }
      let best = 0;
      for (let i = 1; i < ready.length; i++) {
        if ((ready[i]?.actor.priority ?? 0) > (ready[best]?.actor.priority ?? 0)) best = i;
      }
      const chosen = ready[best];
      if (changePoints.has(steps++) && chosen) {
        chosen.actor.priority = --lowest;
        stalls = dice.below(12);
      }
      return best;
    },
  };
}
