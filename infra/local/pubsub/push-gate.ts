/** Lets so many pushes through at a time, and none while it is closed. */
export class PushGate {
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #isOpen = true;

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves, in the order of the calls, when a place is free; `leave` must follow. */
  async enter(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    this.#admit();
    await promise;
  }

  leave(): void {
    this.#free++;
    this.#admit();
  }

  /** Those inside stay until they leave. */
  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    this.#admit();
  }

  #admit(): void {
    while (this.#isOpen && this.#free > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#free--;
      next();
    }
  }
}
