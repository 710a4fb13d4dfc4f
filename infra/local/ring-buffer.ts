/** Keeps the newest `capacity` items. */
export class RingBuffer<T> implements Iterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  /** Where the oldest item is, once all places are taken. */
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(item: T): void {
    if (this.#items.length < this.#capacity) this.#items.push(item);
    else {
      this.#items[this.#oldest] = item;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
  }

  /** In no particular order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#items.values();
  }
}
