import { MemoryStore } from '../../../shared/adapters/memory/memory-store.ts';
import { type Collection, type DocumentRef, pathOf } from '../../../shared/contracts/document.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Query, Store, Stored, Write } from '../../../shared/ports/store.ts';

type StoredJson = Readonly<Record<string, unknown>>;
interface StoredDocument {
  readonly path: string;
  readonly fields: StoredJson;
}

/** A memory store that parses a document once for each version, and tells of each write. */
export class SimStore implements Store {
  #store: MemoryStore;
  readonly #read = new Map<string, Promise<unknown>>();
  readonly #found = new Map<string, Map<string, Promise<unknown>>>();
  readonly #onWrites: (writes: readonly Write[]) => void;

  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>, onWrites: (writes: readonly Write[]) => void) {
    this.#clock = clock;
    this.#store = new MemoryStore(clock);
    this.#onWrites = onWrites;
  }

  /** Changes what is stored behind everybody's back, as another version would have stored it. */
  rewrite(change: (path: string, fields: StoredJson) => StoredJson): void {
    const { documents, ...rest } = JSON.parse(this.#store.toJson()) as { documents: StoredDocument[] };
    const changed = documents.map((document) => ({
      ...document,
      fields: change(document.path, document.fields),
    }));
    this.#store = MemoryStore.fromJson(JSON.stringify({ ...rest, documents: changed }), this.#clock);
    this.#read.clear();
    this.#found.clear();
  }

  /** From now on nothing is stored. */
  forget(): void {
    this.#store = new MemoryStore(this.#clock);
    this.#read.clear();
    this.#found.clear();
  }

  async get<D>(ref: DocumentRef<D>): Promise<Stored<D> | undefined> {
    const path = pathOf(ref);
    const known = this.#read.get(path) as Promise<Stored<D> | undefined> | undefined;
    const read = known ?? this.#store.get(ref).then(frozen);
    this.#read.set(path, read);
    const stored = await read;
    return stored && this.#readNow(stored);
  }

  /** As it was parsed before, read now. */
  #readNow<D>(stored: Stored<D>): Stored<D> {
    return { ...stored, readTime: this.#clock.now() };
  }

  async find<D>(query: Query<D>): Promise<Stored<D>[]> {
    const { path } = query.collection;
    const key = JSON.stringify([query.where, query.orderBy, query.after, query.limit]);
    const cached = this.#found.get(path) ?? new Map<string, Promise<unknown>>();
    this.#found.set(path, cached);
    const known = cached.get(key) as Promise<Stored<D>[]> | undefined;
    if (known) return (await known).map((stored) => this.#readNow(stored));
    const found = this.#store.find(query).then((all) => all.map(frozen));
    cached.set(key, found);
    return [...(await found)];
  }

  countAndSum<D>(collection: Collection<D>, field: string): Promise<{ count: number; sum: number }> {
    return this.#store.countAndSum(collection, field);
  }

  async commit(writes: readonly Write[]): Promise<void> {
    const committed = this.#store.commit(writes);
    // A memory store has written when its call returns; whoever reads from now on must find it.
    for (const { ref } of writes) {
      this.#read.delete(pathOf(ref));
      this.#found.delete(ref.collection.path);
    }
    await committed;
    this.#onWrites(writes);
  }
}

/** Shared between processes, as no two reads of a real store are: whoever changes it fails. */
function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    Object.freeze(value);
    for (const item of Object.values(value)) frozen(item);
  }
  return value;
}
