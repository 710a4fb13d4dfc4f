/** Judging an answer takes more work than one answer may: nothing is known of it. */
export class TooExpensiveError extends Error {
  override readonly name = 'TooExpensiveError';
}

/** The work that judging one answer may take. A step takes up to 100 ns: all of them and reading a large body a tenth of a second. */
export const maxSteps = 600_000;

/** Listing the keys of a large map is slow: so many steps for each. */
export const stepsOfKey = 6;

/** Counts the work of judging one answer. It ends by steps and not by time: the same answer is always judged alike. */
export class WorkLimit {
  #left: number;
  #what = 'its conditions';

  constructor(steps = maxSteps) {
    this.#left = steps;
  }

  /** @param what the condition that is judged from now on, for the message */
  begin(what: string): void {
    this.#what = what;
  }

  /** @throws {TooExpensiveError} no more steps are left */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0)
      throw new TooExpensiveError(
        `judging ${this.#what} is too much work on an answer of this size: use a simpler condition`,
      );
  }
}
