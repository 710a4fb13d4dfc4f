interface Timer {
  readonly atMs: number;
  readonly n: number;
  readonly fire: () => void;
}

/** What is due later: earliest first, and in the order of asking where times are the same. */
export class Timers {
  /** A binary heap. */
  readonly #heap: Timer[] = [];
  #count = 0;

  get nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  add(atMs: number, fire: () => void): void {
    const heap = this.#heap;
    const timer = { atMs, n: this.#count++, fire };
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, timer)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = timer;
  }

  /** Takes the earliest away. */
  take(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      const [left, right] = [heap[2 * i + 1], heap[2 * i + 2]];
      if (!left) break;
      const child = right && isBefore(right, left) ? 2 * i + 2 : 2 * i + 1;
      const below = heap[child];
      if (!below || isBefore(last, below)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.n < b.n);
}
