interface Closable {
  close(): Promise<void>;
}

/** A client that is loaded and connected at its first use: loading one takes up to seconds on a cold start. */
export class LazyClient<C extends Closable> {
  readonly #open: () => Promise<C>;
  #client: Promise<C> | undefined;

  constructor(open: () => Promise<C>) {
    this.#open = open;
  }

  /** @throws {Error} the error of opening it; the next call tries again */
  get(): Promise<C> {
    this.#client ??= this.#open().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  /** Releases the sockets, if there are any. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then(
      (opened) => opened.close(),
      () => {},
    );
  }
}
