import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { CorruptRecordError, TransientError } from '../../domain/errors.ts';
import type { Documents, StoredDocument } from '../store/documents.ts';
import { fieldsFromTaggedJson, TaggedFieldsSchema, taggedFields } from '../store/tagged-json.ts';
import { toFileError } from './to-file-error.ts';

/** How a database of records is told from others, and its form. */
export const applicationId = 0x444c6f6f;
export const formatVersion = 1;

export const schemaSql = `
  CREATE TABLE documents (
    path TEXT PRIMARY KEY,
    collection TEXT NOT NULL,
    version INTEGER NOT NULL,
    createTime TEXT NOT NULL,
    fields TEXT NOT NULL
  ) STRICT;
  CREATE INDEX documentsByCollection ON documents (collection);
  CREATE INDEX documentsByVersion ON documents (version);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${formatVersion};
`;

const Row = z.object({
  path: z.string(),
  collection: z.string(),
  version: z.number().int().min(1),
  createTime: z.iso.datetime(),
  fields: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(TaggedFieldsSchema),
});

/** Documents in a file that several processes share: each change is one transaction, on disk when it returns. */
export class SqliteDocuments implements Documents {
  readonly #file: string;
  readonly #path: string;
  readonly #inode: number;
  readonly #database: DatabaseSync;
  readonly #byPath: StatementSync;
  readonly #byCollection: StatementSync;
  readonly #newest: StatementSync;

  /**
   * @param database open, and of our form
   * @param file what errors call it
   */
  constructor(database: DatabaseSync, file: string, path: string) {
    this.#database = database;
    this.#file = file;
    this.#path = path;
    this.#inode = statSync(path).ino;
    this.#byPath = database.prepare('SELECT * FROM documents WHERE path = ?');
    this.#byCollection = database.prepare('SELECT * FROM documents WHERE collection = ?');
    this.#newest = database.prepare('SELECT coalesce(max(version), 0) AS version FROM documents');
  }

  get(path: string): StoredDocument | undefined {
    const row = this.#attempt(() => this.#byPath.get(path));
    return row && toDocument(row);
  }

  membersOf(collection: string): readonly StoredDocument[] {
    return this.#attempt(() => this.#byCollection.all(collection)).map(toDocument);
  }

  change(plan: (version: number) => readonly StoredDocument[]): void {
    this.#attempt(() => {
      this.#assertInPlace();
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const version = Number(this.#newest.get()?.version) + 1;
        for (const document of plan(version)) if (document.version === version) this.#put(document);
        this.#database.exec('COMMIT');
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#database.close();
  }

  #put({ path, id, version, createTime, fields }: StoredDocument): void {
    const collection = path.slice(0, -id.length - 1);
    this.#database
      .prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)')
      .run(path, collection, version, createTime.toISOString(), JSON.stringify(taggedFields(fields)));
  }

  /** What is written to a file that was moved away is lost for everybody else. */
  #assertInPlace(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino !== this.#inode)
      throw new TransientError(`${this.#file} was removed or replaced while it was in use`);
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toFileError(this.#file, error) ?? error;
    }
  }
}

/** @throws {CorruptRecordError} somebody else has written the row */
function toDocument(row: Readonly<Record<string, unknown>>): StoredDocument {
  const parsed = parseRow(row);
  const { path, collection, version, createTime, fields } = parsed;
  return {
    path,
    id: path.slice(collection.length + 1),
    version,
    createTime: new Date(createTime),
    fields: fieldsFromTaggedJson(fields),
  };
}

function parseRow(row: Readonly<Record<string, unknown>>): z.infer<typeof Row> {
  try {
    return Row.parse(row);
  } catch (cause) {
    throw new CorruptRecordError(String(row.path), 'its row is not readable', { cause });
  }
}
