import type { Collection, DocumentRef } from '../contracts/document.ts';
import type { CorruptRecordError } from '../domain/errors.ts';

/** A document as read, with everything that a safe change of it needs. */
export interface Stored<D> {
  readonly id: string;
  readonly data: D;
  /** Changes with every change of the document; a write with an older version is refused. */
  readonly version: string;
  /** By the store's clock. */
  readonly createTime: Date;
  /** When it was read, by the same clock: its age does not depend on the machines' clocks. */
  readonly readTime: Date;
}

/** The age of a document when it was read, in milliseconds. */
export function ageMsOf({ createTime, readTime }: Pick<Stored<unknown>, 'createTime' | 'readTime'>): number {
  return readTime.getTime() - createTime.getTime();
}

/** One write of a batch. */
export type Write =
  | { readonly kind: 'create'; readonly ref: DocumentRef<unknown>; readonly data: unknown }
  | {
      readonly kind: 'update';
      readonly ref: DocumentRef<unknown>;
      /** Top-level fields to replace; `undefined` removes the field. */
      readonly fields: Readonly<Record<string, unknown>>;
      readonly version: string;
    };

/** Creates the document; the batch is refused if it exists. */
export function create<D>(ref: DocumentRef<D>, data: D): Write {
  return { kind: 'create', ref: ref as DocumentRef<unknown>, data };
}

/** Replaces top-level fields of a document as read; the batch is refused if it has changed since. */
export function update<D>(
  ref: DocumentRef<D>,
  read: Stored<D>,
  fields: Partial<{ [K in keyof D]: D[K] | undefined }>,
): Write {
  return { kind: 'update', ref: ref as DocumentRef<unknown>, fields, version: read.version };
}

export type QueryComparison = '==' | '<=';

export interface Query<D> {
  readonly collection: Collection<D>;
  /** Only these ids, 1 to 30. Firestore bills the existing documents, and one read if there are none. */
  readonly ids?: readonly string[];
  readonly where: readonly (readonly [
    field: string,
    comparison: QueryComparison,
    value: string | number | boolean | Date,
  ])[];
  /** Documents that lack the field are not found, as in Firestore. Ties are ordered by id in the same direction. */
  readonly orderBy?: { readonly field: string; readonly direction: 'asc' | 'desc' };
  /** Starts after this document; needs `orderBy`. */
  readonly after?: { readonly value: string | number | Date; readonly id: string };
  /** 1 to 1000; documents passed to `onCorrupt` do not count. */
  readonly limit: number;
  /** Called for each document that does not match its schema, which is then left out; absent: the query fails. */
  readonly onCorrupt?: (error: CorruptRecordError) => void;
}

/**
 * The database. Reads are parsed with the collection's schema.
 *
 * @throws {TransientError} the database did not respond
 * @throws {CorruptRecordError} a document does not match its schema
 */
export interface Store {
  get<D>(ref: DocumentRef<D>): Promise<Stored<D> | undefined>;
  find<D>(query: Query<D>): Promise<Stored<D>[]>;
  /** The number of documents in a collection that have the number `field`, and the field's sum, in one snapshot. */
  countAndSum<D>(collection: Collection<D>, field: string): Promise<{ count: number; sum: number }>;
  /**
   * All writes or none. A repeated attempt of the client may find its own first success, so a conflict proves only that
   * some writer, perhaps this caller, was first: read again.
   * @param writes 1 to 100, at most one per document
   * @throws {WriteConflictError} a document to create exists, or one to update was removed or changed
   */
  commit(writes: readonly Write[]): Promise<void>;
}
