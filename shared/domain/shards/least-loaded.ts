/** The load of some workers, and the one with the least. Adding work takes logarithmic time in their number. */
export class LeastLoaded {
  readonly #ms: Float64Array;
  /** A heap: no entry is larger than the two below it. */
  readonly #heap: Uint32Array;

  constructor(workers: number) {
    this.#ms = new Float64Array(workers);
    this.#heap = Uint32Array.from(this.#ms.keys());
  }

  /** The load of the busiest worker, in ms; 0: there are no workers. */
  get mostMs(): number {
    return this.#ms.reduce((a, b) => Math.max(a, b), 0);
  }

  /** Gives work to the worker with the least; the first one of several. @returns its index */
  give(ms: number): number {
    const one = this.#heap[0] ?? 0;
    this.#ms[one] = (this.#ms[one] ?? 0) + ms;
    this.#sink(one);
    return one;
  }

  /** Restores the heap after the top entry has grown. */
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
