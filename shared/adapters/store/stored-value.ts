import { PermanentError } from '../../domain/errors.ts';

/** What a document may hold: Firestore's types, as far as our records use them. */
export type StoredValue =
  | null
  | boolean
  | number
  | string
  | Date
  | readonly StoredValue[]
  | { readonly [name: string]: StoredValue };
export type StoredFields = { readonly [name: string]: StoredValue };

/** Firestore's limits: https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const maxDepth = 20;
const maxNameBytes = 1500;
const reservedName = /^__.*__$/s;

/**
 * A copy that shares nothing with `data` and that Firestore takes as it is: properties that are `undefined` are left
 * out, and lone surrogates, which cannot be sent as UTF-8, become U+FFFD.
 *
 * @param path names the document in the error
 * @throws {PermanentError} something in it cannot be stored
 */
export function toStoredFields(data: unknown, path: string): StoredFields {
  if (!isPlainObject(data)) throw new PermanentError(`${path}: a document is an object of fields`);
  return copyFields(data, path, 0);
}

function copyFields(data: object, path: string, depth: number): StoredFields {
  if (depth > maxDepth) throw new PermanentError(`${path} is nested deeper than ${maxDepth} levels`);
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  // fromEntries defines own properties, so no name can reach a prototype.
  return Object.fromEntries(
    entries.map(([name, value]) => [checkName(name, path), copyValue(value, `${path}.${name}`, depth + 1)]),
  );
}

function copyValue(value: unknown, path: string, depth: number): StoredValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return value.toWellFormed();
  if (value instanceof Date) return copyDate(value, path);
  if (Array.isArray(value)) return copyList(value, path, depth);
  if (isPlainObject(value)) return copyFields(value, path, depth);
  throw new PermanentError(`${path}: a value of type ${typeof value} cannot be stored`);
}

function copyDate(value: Date, path: string): Date {
  const year = value.getUTCFullYear();
  if (year >= 1 && year <= 9999) return new Date(value);
  throw new PermanentError(`${path} is not a date between the years 1 and 9999`);
}

function copyList(value: readonly unknown[], path: string, depth: number): readonly StoredValue[] {
  return value.map((item, i) => {
    if (Array.isArray(item)) throw new PermanentError(`${path}[${i}]: a list cannot hold a list directly`);
    return copyValue(item, `${path}[${i}]`, depth + 1);
  });
}

function checkName(name: string, path: string): string {
  const fault =
    name === '' || reservedName.test(name) || !name.isWellFormed() || Buffer.byteLength(name) > maxNameBytes;
  if (fault)
    throw new PermanentError(`${path}: ${JSON.stringify(name.slice(0, 64))} cannot be a field's name`);
  return name;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // structuredClone and test runners make objects of another realm, whose Object.prototype is not ours.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
