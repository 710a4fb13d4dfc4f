import type { StoredFields, StoredValue } from './stored-value.ts';

/** Firestore takes documents of at most 1 MiB. */
export const maxDocumentBytes = 1_048_576;
const overheadBytes = 32;
const nameOverheadBytes = 16;

/** @returns bytes, counted as in https://firebase.google.com/docs/firestore/storage-size */
export function documentSize(path: string, fields: StoredFields): number {
  const name = path.split('/').reduce((sum, segment) => sum + textSize(segment), nameOverheadBytes);
  return name + fieldsSize(fields) + overheadBytes;
}

function fieldsSize(fields: StoredFields): number {
  return Object.entries(fields).reduce((sum, [name, value]) => sum + textSize(name) + valueSize(value), 0);
}

function valueSize(value: StoredValue): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'number' || value instanceof Date) return 8;
  if (typeof value === 'string') return textSize(value);
  if (isList(value)) return value.reduce<number>((sum, item) => sum + valueSize(item), 0);
  return fieldsSize(value);
}

function textSize(text: string): number {
  return Buffer.byteLength(text) + 1;
}

// Array.isArray does not narrow read-only lists.
function isList(value: StoredFields | readonly StoredValue[]): value is readonly StoredValue[] {
  return Array.isArray(value);
}
