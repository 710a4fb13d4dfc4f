import { isDeepStrictEqual } from 'node:util';
import type { Collection, DocumentRef } from '../../contracts/document.ts';
import { type CorruptRecordError, WriteConflictError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Query, Store, Stored, Write } from '../../ports/store.ts';
import { checkCollectionPath, checkDocumentPath } from './check-path.ts';
import type { Documents, StoredDocument } from './documents.ts';
import { checkRecord, parseRecord, readAll } from './parse-record.ts';
import { checkSize, type PlannedWrite, planBatch } from './plan-batch.ts';
import { planQuery } from './plan-query.ts';
import { selectDocuments } from './select-documents.ts';
import { type StoredFields, toStoredFields } from './stored-value.ts';

/** A Store with Firestore's rules over documents in memory or in a file. */
export class DocumentStore implements Store {
  readonly #documents: Documents;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(documents: Documents, clock: Pick<Clock, 'now'>) {
    this.#documents = documents;
    this.#clock = clock;
  }

  async get<D>(ref: DocumentRef<D>): Promise<Stored<D> | undefined> {
    const document = this.#documents.get(checkDocumentPath(ref));
    return document && toStored(ref.collection, document, this.#clock.now());
  }

  async find<D>(query: Query<D>): Promise<Stored<D>[]> {
    const order = planQuery(query);
    const { collection } = query;
    const members = this.#documents.membersOf(collection.path);
    const read = (document: StoredDocument) => toStored(collection, document, this.#clock.now());
    // Corrupt documents do not count towards the limit: further ones are read instead.
    for (let corrupt = 0; ; ) {
      const errors: CorruptRecordError[] = [];
      const selected = selectDocuments(members, { ...query, limit: query.limit + corrupt }, order);
      const found = readAll(selected, query.onCorrupt && ((error) => errors.push(error)), read);
      if (errors.length > corrupt) corrupt = errors.length;
      else {
        for (const error of errors) query.onCorrupt?.(error);
        return found;
      }
    }
  }

  async countAndSum<D>(collection: Collection<D>, field: string): Promise<{ count: number; sum: number }> {
    checkCollectionPath(collection.path);
    const members = this.#documents.membersOf(collection.path);
    const values = members.flatMap(({ fields }) => fields[field] ?? []);
    const numbers = values.filter((value) => typeof value === 'number');
    // Counted as Firestore does: a value that is not a number is counted, and adds nothing to the sum.
    return { count: values.length, sum: numbers.reduce((sum, value) => sum + value, 0) };
  }

  /** Takes one turn of the event loop, so it is atomic. */
  async commit(writes: readonly Write[]): Promise<void> {
    const planned = planBatch(writes);
    this.#documents.change((version) => planned.map((write) => this.#apply(write, version)));
  }

  #apply(write: PlannedWrite, version: number): StoredDocument {
    const { path, collection } = write;
    const existing = this.#documents.get(path);
    if (write.kind === 'create') {
      if (existing) throw new WriteConflictError(`${path} already exists`);
      const id = path.slice(collection.path.length + 1);
      return { path, id, fields: write.fields, version, createTime: new Date(this.#clock.now()) };
    }
    if (!existing) throw new WriteConflictError(`${path} no longer exists`);
    if (String(existing.version) !== write.version) {
      throw new WriteConflictError(`${path} has changed since it was read`);
    }
    const fields = withChanges(existing.fields, write);
    checkRecord(collection, path, fields);
    checkSize(path, fields);
    // As in Firestore, a write that changes nothing keeps the version.
    return isDeepStrictEqual(fields, existing.fields) ? existing : { ...existing, fields, version };
  }
}

function withChanges(fields: StoredFields, write: Extract<PlannedWrite, { kind: 'update' }>): StoredFields {
  const kept = Object.entries(fields).filter(([name]) => !write.removed.includes(name));
  return Object.fromEntries([...kept, ...Object.entries(write.fields)]);
}

function toStored<D>(collection: Collection<D>, document: StoredDocument, now: Date): Stored<D> {
  const { id, path, fields, version, createTime } = document;
  const data = parseRecord(collection, path, toStoredFields(fields, path));
  const times = { createTime: new Date(createTime), readTime: new Date(now) };
  return { id, data, version: String(version), ...times };
}
