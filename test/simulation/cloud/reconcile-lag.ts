import type { Dice } from '../kernel/dice.ts';

/** From an accepted change until the status says so: mostly seconds, sometimes more than the guard has patience for. */
export function reconcileLagMs(dice: Dice): number {
  if (dice.chance(0.88)) return dice.between(200, 5_000);
  return dice.chance(0.8) ? dice.between(5_000, 40_000) : dice.between(60_000, 120_000);
}
