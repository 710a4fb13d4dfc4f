/** What has arrived so far, and a way to wait for more. */
export class Arrivals<T> {
  readonly #items: T[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: (items: readonly T[]) => void }[] = [];

  /** In the order in which they came. */
  get all(): readonly T[] {
    return [...this.#items];
  }

  add(item: T): void {
    this.#items.push(item);
    for (const { count, resolve } of this.#waiting) if (this.#items.length >= count) resolve(this.all);
  }

  /** All of them, as soon as there are at least so many. */
  atLeast(count: number): Promise<readonly T[]> {
    const { promise, resolve } = Promise.withResolvers<readonly T[]>();
    if (this.#items.length >= count) resolve(this.all);
    else this.#waiting.push({ count, resolve });
    return promise;
  }
}
