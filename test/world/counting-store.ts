import type { Store } from '../../shared/ports/store.ts';

/** A store that counts as Firestore bills: each write of a batch, each document of a query and at least one. */
export class CountingStore implements Store {
  readonly #store: Store;
  #reads = 0;
  #writes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  get counts(): { readonly reads: number; readonly writes: number } {
    return { reads: this.#reads, writes: this.#writes };
  }

  readonly get: Store['get'] = async (ref) => {
    this.#reads++;
    return await this.#store.get(ref);
  };

  readonly find: Store['find'] = async (query) => {
    const found = await this.#store.find(query);
    this.#reads += Math.max(1, found.length);
    return found;
  };

  readonly countAndSum: Store['countAndSum'] = async (collection, field) => {
    const found = await this.#store.countAndSum(collection, field);
    this.#reads += Math.max(1, Math.ceil(found.count / 1000));
    return found;
  };

  async commit(writes: Parameters<Store['commit']>[0]): Promise<void> {
    await this.#store.commit(writes);
    this.#writes += writes.length;
  }
}
