import type { Collection } from '../../contracts/document.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { Write } from '../../ports/store.ts';
import { checkDocumentPath } from './check-path.ts';
import { documentSize, maxDocumentBytes } from './document-size.ts';
import { checkField, checkRecord } from './parse-record.ts';
import { type StoredFields, toStoredFields } from './stored-value.ts';

export const maxWrites = 100;

/** A write that follows every rule that can be checked without reading the document. */
export type PlannedWrite =
  | {
      readonly kind: 'create';
      readonly collection: Collection<unknown>;
      readonly path: string;
      readonly fields: StoredFields;
    }
  | {
      readonly kind: 'update';
      readonly collection: Collection<unknown>;
      readonly path: string;
      /** Top-level fields to replace. */
      readonly fields: StoredFields;
      /** Top-level fields to remove. */
      readonly removed: readonly string[];
      readonly version: string;
    };

/**
 * Checks the rules of a batch, which are the same for every store; the result shares nothing with the caller's objects.
 *
 * @throws {PermanentError} the batch breaks a rule; nothing was sent
 */
export function planBatch(writes: readonly Write[]): readonly PlannedWrite[] {
  if (writes.length === 0 || writes.length > maxWrites) {
    throw new PermanentError(`a batch has 1 to ${maxWrites} writes, not ${writes.length}`);
  }
  const planned = writes.map((write) => (write.kind === 'create' ? planCreate(write) : planUpdate(write)));
  const paths = new Set<string>();
  for (const { path } of planned) {
    if (paths.has(path)) throw new PermanentError(`${path} is written twice in one batch`);
    paths.add(path);
  }
  return planned;
}

/** @throws {PermanentError} Firestore would refuse a document of this size */
export function checkSize(path: string, fields: StoredFields): void {
  const bytes = documentSize(path, fields);
  if (bytes > maxDocumentBytes) {
    throw new PermanentError(`${path} refused: ${bytes} bytes, at most ${maxDocumentBytes} are allowed`);
  }
}

function planCreate(write: Extract<Write, { kind: 'create' }>): PlannedWrite {
  const { collection } = write.ref;
  const path = checkDocumentPath(write.ref);
  const fields = checkRecord(collection, path, toStoredFields(write.data, path));
  checkSize(path, fields);
  return { kind: 'create', collection, path, fields };
}

function planUpdate(write: Extract<Write, { kind: 'update' }>): PlannedWrite {
  const { collection } = write.ref;
  const path = checkDocumentPath(write.ref);
  const given = toStoredFields(write.fields, path);
  const names = Object.keys(write.fields);
  if (names.length === 0) throw new PermanentError(`${path}: an update names at least one field`);
  const checked = names.map((name) => [name, checkField(collection, path, name, given[name])]);
  const fields = toStoredFields(Object.fromEntries(checked), path);
  checkSize(path, fields);
  const removed = names.filter((name) => !Object.hasOwn(fields, name));
  return { kind: 'update', collection, path, fields, removed, version: write.version };
}
