import type { StoredFields, StoredValue } from './stored-value.ts';

/**
 * Firestore's order: by type first (null, boolean, number, date, text, list, map), then by value.
 * https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering
 *
 * @returns less than, equal to or greater than 0
 */
export function compareValues(a: StoredValue, b: StoredValue): number {
  const byType = typeRank(a) - typeRank(b);
  if (byType !== 0) return byType;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (isList(a) && isList(b)) return compareLists(a, b);
  if (isMap(a) && isMap(b)) return compareLists(flatten(a), flatten(b));
  return compareNumbers(Number(a), Number(b));
}

export function isSameType(a: StoredValue, b: StoredValue): boolean {
  return typeRank(a) === typeRank(b);
}

/** By UTF-8 bytes, which differs from JavaScript's own order where there are surrogate pairs. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function typeRank(value: StoredValue): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'number') return 2;
  if (value instanceof Date) return 3;
  if (typeof value === 'string') return 4;
  return isList(value) ? 5 : 6;
}

/** NaN is less than every other number. */
function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function compareLists(a: readonly StoredValue[], b: readonly StoredValue[]): number {
  for (const [i, item] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = compareValues(item, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Key, value, key, value …, sorted by key: maps compare as these lists do. */
function flatten(map: StoredFields): readonly StoredValue[] {
  return Object.entries(map)
    .sort(([a], [b]) => compareText(a, b))
    .flat();
}

function isList(value: StoredValue): value is readonly StoredValue[] {
  return Array.isArray(value);
}

function isMap(value: StoredValue): value is StoredFields {
  return typeRank(value) === 6;
}
