import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';

export interface Hottest {
  /** Its path, ids left out. */
  readonly document: string;
  /** The most within one second. */
  readonly mostInSecond: number;
}

/** A store that remembers when each document was written: Firestore wants no more than about once a second. */
export class WrittenDocuments implements Store {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #times = new Map<string, number[]>();
  readonly get: Store['get'];
  readonly find: Store['find'];
  readonly countAndSum: Store['countAndSum'];

  constructor(store: Store, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
    this.get = (ref) => store.get(ref);
    this.find = (query) => store.find(query);
    this.countAndSum = (collection, field) => store.countAndSum(collection, field);
  }

  async commit(writes: Parameters<Store['commit']>[0]): Promise<void> {
    await this.#store.commit(writes);
    const atMs = this.#clock.now().getTime();
    for (const { ref } of writes) {
      const document = `${ref.collection.path}/${ref.id}`;
      this.#times.set(document, [...(this.#times.get(document) ?? []), atMs]);
    }
  }

  /** The document that was written most often within a second between two moments. */
  hottest(from: Date, to: Date): Hottest {
    const isBetween = (time: number) => time >= from.getTime() && time <= to.getTime();
    const all = [...this.#times].map(([document, times]) => ({
      document: document.replace(/[0-9a-f]{16,}/g, '…'),
      mostInSecond: mostWithin(1_000, times.filter(isBetween)),
    }));
    const none = { document: 'none', mostInSecond: 0 };
    return all.reduce((a, b) => (b.mostInSecond > a.mostInSecond ? b : a), none);
  }
}

/** @param times in order */
function mostWithin(ms: number, times: readonly number[]): number {
  return times.reduce((most, end, n) => {
    const from = times.findIndex((time) => time > end - ms);
    return Math.max(most, n - from + 1);
  }, 0);
}
