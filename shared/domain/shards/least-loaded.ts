/** What each of some workers has to do, and who has the least. Giving takes the logarithm of how many they are. */
export class LeastLoaded {
  readonly #ms: Float64Array;
  /** A heap: each has no more than the two below it. */
  readonly #heap: Uint32Array;

  constructor(workers: number) {
    this.#ms = new Float64Array(workers);
    this.#heap = Uint32Array.from(this.#ms.keys());
  }

  /** What the busiest has to do, in ms; 0: there is nobody. */
  get mostMs(): number {
    return this.#ms.reduce((a, b) => Math.max(a, b), 0);
  }

  /** Gives work to whoever has least, of several the first. @returns who it is, from 0 on */
  give(ms: number): number {
    const one = this.#heap[0] ?? 0;
    this.#ms[one] = (this.#ms[one] ?? 0) + ms;
    this.#sink(one);
    return one;
  }

  /** The one at the top has more now. */
  #sink(one: number): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) return;
      const goesRight = right !== undefined && this.#isBefore(right, left);
      const lesser = goesRight ? right : left;
      if (this.#isBefore(one, lesser)) return;
      heap[at] = lesser;
      at = 2 * at + (goesRight ? 2 : 1);
      heap[at] = one;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [aMs = 0, bMs = 0] = [this.#ms[a], this.#ms[b]];
    return aMs < bMs || (aMs === bMs && a < b);
  }
}
