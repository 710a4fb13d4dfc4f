import { SeededRandom } from '../../../infra/local/seeded-random.ts';

/** All chance of one schedule: the same seed throws the same numbers. */
export class Dice {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  static of(seed: number): Dice {
    return new Dice(new SeededRandom(seed));
  }

  /** Dice of its own for one part, so that what others draw does not shift what it gets. */
  fork(name: string): Dice {
    return new Dice(this.#random.fork(name));
  }

  /** @returns in [0, 1) */
  fraction(): number {
    return this.#random.fraction();
  }

  /** @returns a whole number in [0, n) */
  below(n: number): number {
    return Math.floor(this.#random.fraction() * n);
  }

  /** @returns a whole number in [from, to] */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.#random.fraction() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}
