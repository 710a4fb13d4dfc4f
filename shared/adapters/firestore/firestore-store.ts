import type { DocumentSnapshot, FieldPath, Transaction } from '@google-cloud/firestore';
import type { Collection, DocumentRef } from '../../contracts/document.ts';
import { TransientError } from '../../domain/errors.ts';
import { countOf } from '../../domain/render/count-of.ts';
import type { Query, Store, Stored, Write } from '../../ports/store.ts';
import { checkCollectionPath, checkDocumentPath } from '../store/check-path.ts';
import { parseRecord, readAll } from '../store/parse-record.ts';
import { type PlannedWrite, planBatch } from '../store/plan-batch.ts';
import { planQuery, type QueryOrder } from '../store/plan-query.ts';
import { within } from '../within.ts';
import { updateTimeOf, versionOf } from './document-version.ts';
import { fromFirestore } from './from-firestore.ts';
import {
  defaultTimeoutMs,
  type FirestoreOptions,
  type OpenFirestore,
  openFirestore,
} from './open-firestore.ts';
import { type Attempt, conflictsOf, toStoreError } from './to-store-error.ts';

/** The extra time of a call beyond its timeout, in ms: the client's own error, if there is one, should come first. */
const graceMs = 1_000;

/** The Store in production, over gRPC. */
export class FirestoreStore implements Store {
  readonly #options: FirestoreOptions;
  readonly #running = new Set<Promise<unknown>>();
  #opened: Promise<OpenFirestore> | undefined;

  constructor(options: FirestoreOptions) {
    this.#options = options;
  }

  async get<D>(ref: DocumentRef<D>): Promise<Stored<D> | undefined> {
    const path = checkDocumentPath(ref);
    return this.#attempt({ what: `get ${path}`, conflicts: [] }, async (open) => {
      const snapshot = await open.database.doc(path).get();
      return toStored(open, ref.collection, snapshot);
    });
  }

  async find<D>(query: Query<D>): Promise<Stored<D>[]> {
    const order = planQuery(query);
    const attempt = { what: `find in ${query.collection.path}`, conflicts: [], hint: indexHint(query) };
    return this.#attempt(attempt, async (open) => {
      const built = toFirestoreQuery(open, query, order);
      const read = (one: DocumentSnapshot) => toStored(open, query.collection, one);
      const found: Stored<D>[] = [];
      // Corrupt documents must not hide those behind them.
      for (let page = 0, last: DocumentSnapshot | undefined; page < maxPages; page++) {
        const { docs } = await (last ? built.startAfter(last) : built).get();
        found.push(...readAll(docs, query.onCorrupt, read).filter((stored) => stored !== undefined));
        last = docs.at(-1);
        if (docs.length < query.limit || found.length >= query.limit) break;
      }
      return found.slice(0, query.limit);
    });
  }

  async countAndSum<D>(collection: Collection<D>, field: string): Promise<{ count: number; sum: number }> {
    checkCollectionPath(collection.path);
    const attempt = { what: `count in ${collection.path}`, conflicts: [] };
    return this.#attempt(attempt, async ({ database, sdk }) => {
      const { count, sum } = sdk.AggregateField;
      const query = database.collection(collection.path);
      const answer = (
        await query.aggregate({ count: count(), sum: sum(new sdk.FieldPath(field)) }).get()
      ).data();
      return { count: answer.count, sum: answer.sum ?? 0 };
    });
  }

  /**
   * Sent as a transaction that reads nothing: one Commit request without a lock, like a batch. The client, however,
   * repeats a batch after ABORTED and UNAVAILABLE for ten minutes, whatever it is configured to do.
   */
  async commit(writes: readonly Write[]): Promise<void> {
    const planned = planBatch(writes);
    const attempt = {
      what: `commit of ${countOf(planned.length, 'write')}`,
      conflicts: conflictsOf(planned),
    };
    return this.#attempt(attempt, async (open) => {
      const write = async (transaction: Transaction) => {
        for (const one of planned) addWrite(open, transaction, one);
      };
      await open.database.runTransaction(write, { maxAttempts: 1 });
    });
  }

  /** Closes the connection. Does not wait for calls that were given up and may still be running. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    const close = async () => {
      const open = await opened?.catch(() => undefined);
      await open?.database.terminate();
    };
    // The client crashes the process if it is closed during a repeated read.
    if (this.#running.size === 0) await close();
    else void Promise.allSettled(this.#running).then(close);
  }

  async #attempt<T>(attempt: Attempt, work: (open: OpenFirestore) => Promise<T>): Promise<T> {
    const ms = (this.#options.timeoutMs ?? defaultTimeoutMs) + graceMs;
    this.#opened ??= openFirestore(this.#options);
    const running = this.#opened.then(work);
    this.#running.add(running);
    const forget = () => this.#running.delete(running);
    running.then(forget, forget);
    try {
      // The client cannot cancel a read, and tries it five times, which may take a minute.
      return await within(
        ms,
        running,
        () => new TransientError(`Firestore, ${attempt.what}: no response in ${ms} ms`),
      );
    } catch (error) {
      throw toStoreError(error, attempt);
    }
  }
}

/** How many pages of a query may be full of corrupt documents. */
const maxPages = 20;

/** Undefined: there is no such document. */
function toStored<D>(
  open: OpenFirestore,
  collection: Collection<D>,
  snapshot: DocumentSnapshot,
): Stored<D> | undefined {
  const { createTime, updateTime } = snapshot;
  const data = snapshot.data();
  if (!data || !createTime || !updateTime) return undefined;
  const { path } = snapshot.ref;
  const fields = fromFirestore(data, path, open.sdk.Timestamp);
  return {
    id: snapshot.id,
    data: parseRecord(collection, path, fields),
    version: versionOf(updateTime),
    createTime: createTime.toDate(),
    readTime: snapshot.readTime.toDate(),
  };
}

/** Every field name goes through FieldPath: a plain name with a dot would be read as a path. */
function addWrite({ database, sdk }: OpenFirestore, transaction: Transaction, write: PlannedWrite): void {
  const ref = database.doc(write.path);
  if (write.kind === 'create') {
    transaction.create(ref, write.fields);
    return;
  }
  const [first, ...rest] = [
    ...Object.entries(write.fields).map(([name, value]): FieldChange => [new sdk.FieldPath(name), value]),
    ...write.removed.map((name): FieldChange => [new sdk.FieldPath(name), sdk.FieldValue.delete()]),
  ];
  if (!first) return;
  const precondition = { lastUpdateTime: updateTimeOf(write.version, sdk.Timestamp) };
  transaction.update(ref, first[0], first[1], ...rest.flat(), precondition);
}

type FieldChange = readonly [field: FieldPath, value: unknown];

function toFirestoreQuery<D>({ database, sdk }: OpenFirestore, query: Query<D>, order: QueryOrder) {
  let built = database.collection(query.collection.path).limit(query.limit);
  if (query.ids) built = built.where(sdk.FieldPath.documentId(), 'in', query.ids);
  for (const [field, comparison, value] of query.where) {
    built = built.where(new sdk.FieldPath(field), comparison, value);
  }
  for (const field of order.fields) built = built.orderBy(new sdk.FieldPath(field), order.direction);
  built = built.orderBy(sdk.FieldPath.documentId(), order.direction);
  return query.after ? built.startAfter(query.after.value, query.after.id) : built;
}

function indexHint<D>({ collection, where, orderBy }: Query<D>): string {
  const fields = where.map(([field, comparison]) => `${field} ${comparison}`);
  const order = orderBy ? [`order by ${orderBy.field} ${orderBy.direction}`] : [];
  return `does infra/firestore.indexes.json have an index on ${collection.path}: ${[...fields, ...order].join(', ')}?`;
}
