import type { DocumentData, Timestamp } from '@google-cloud/firestore';
import { CorruptRecordError } from '../../domain/errors.ts';
import type { StoredFields, StoredValue } from '../store/stored-value.ts';

/**
 * The fields of a document with dates for timestamps, rounded to the millisecond.
 *
 * @param timestamp the client's class, which is loaded late
 * @throws {CorruptRecordError} a value is of a type that no record has: bytes, a reference, a place, a vector
 */
export function fromFirestore(data: DocumentData, path: string, timestamp: typeof Timestamp): StoredFields {
  const convert = (value: unknown, name: string): StoredValue => {
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
    if (typeof value === 'string') return value;
    if (value instanceof timestamp) return value.toDate();
    if (Array.isArray(value)) return value.map((item) => convert(item, name));
    if (isMap(value)) return convertFields(value);
    throw new CorruptRecordError(path, `${name} has a type that no record uses`);
  };
  const convertFields = (map: object): StoredFields =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [name, convert(value, name)]));
  return convertFields(data);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
