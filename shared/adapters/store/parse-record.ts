import { z } from 'zod';
import type { Collection } from '../../contracts/document.ts';
import { CorruptRecordError, PermanentError } from '../../domain/errors.ts';
import { type StoredFields, type StoredValue, toStoredFields } from './stored-value.ts';

/**
 * Parses a stored document with the schema of its collection.
 *
 * @throws {CorruptRecordError} it has another shape
 */
export function parseRecord<D>(collection: Collection<D>, path: string, fields: StoredFields): D {
  const parsed = collection.schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new CorruptRecordError(path, describeIssues(parsed.error));
}

/** Leaves out unreadable documents if the query allows it. @throws {CorruptRecordError} otherwise */
export function readAll<T, D>(
  found: readonly T[],
  onCorrupt: ((error: CorruptRecordError) => void) | undefined,
  read: (one: T) => D,
): D[] {
  return found.flatMap((one) => {
    try {
      return [read(one)];
    } catch (error) {
      if (onCorrupt === undefined || !(error instanceof CorruptRecordError)) throw error;
      onCorrupt(error);
      return [];
    }
  });
}

/**
 * The fields as they will be read again: the schema also decides what of a text from outside is stored.
 * @throws {PermanentError} a document with these fields could not be read again
 */
export function checkRecord(
  collection: Collection<unknown>,
  path: string,
  fields: StoredFields,
): StoredFields {
  const parsed = collection.schema.safeParse(fields);
  if (!parsed.success) throw new PermanentError(`${path} refused: ${describeIssues(parsed.error)}`);
  return toStoredFields(parsed.data, path);
}

/**
 * Checks one top-level field on its own, since a write does not read the document that it changes.
 *
 * @param value undefined: the field is to be removed
 * @returns the value as it will be read again
 * @throws {PermanentError} the schema has no such field, or does not allow the value
 */
export function checkField(
  collection: Collection<unknown>,
  path: string,
  name: string,
  value: StoredValue | undefined,
): unknown {
  const { schema } = collection;
  if (!(schema instanceof z.ZodObject)) {
    throw new PermanentError(`${path}: only a document whose schema is an object can be updated`);
  }
  const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] : schema.def.catchall;
  if (field === undefined) throw new PermanentError(`${path} refused: no field ${JSON.stringify(name)}`);
  const parsed = z.safeParse(field, value);
  if (!parsed.success) throw new PermanentError(`${path} refused: ${describeIssues(parsed.error, [name])}`);
  return parsed.data;
}

function describeIssues(error: z.core.$ZodError, prefix: readonly PropertyKey[] = []): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${[...prefix, ...issue.path].map(String).join('.') || 'document'}: ${issue.message}`)
    .join('; ');
}
