import type { Dice } from './dice.ts';

/** On what processes run: each machine has a clock of its own. */
export class Machines {
  readonly #dice: Dice;
  #skewsMs: readonly number[] = [0];

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** From now on a new process finds itself on a machine whose clock is off by one of these. */
  setSkews(skewsMs: readonly number[]): void {
    this.#skewsMs = skewsMs;
  }

  /** How far the clock of the next process is ahead. */
  nextSkewMs(): number {
    const skews = this.#skewsMs;
    return skews.length > 1 ? (skews[this.#dice.below(skews.length)] ?? 0) : (skews[0] ?? 0);
  }
}
