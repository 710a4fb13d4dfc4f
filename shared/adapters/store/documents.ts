import type { StoredFields } from './stored-value.ts';

/** One document of a store of our own. */
export interface StoredDocument {
  readonly path: string;
  readonly id: string;
  readonly fields: StoredFields;
  /** Of the commit that changed it last. */
  readonly version: number;
  readonly createTime: Date;
}

/**
 * Where a store of our own keeps its documents. It knows no rules; `DocumentStore` does.
 *
 * @throws {TransientError} they cannot be reached now
 * @throws {CorruptRecordError} a document is not readable
 */
export interface Documents {
  get(path: string): StoredDocument | undefined;
  /** The documents of a collection, in no order, as they are at one moment. */
  membersOf(collection: string): readonly StoredDocument[];
  /**
   * Replaces documents, all or none; nobody else changes any between the reads and the writes. When it returns, they are
   * as durable as they will be.
   * @param plan called once; its reads see the newest state. If it throws, nothing is changed. @param plan.version higher
   * than that of every document
   */
  change(plan: (version: number) => readonly StoredDocument[]): void;
}
