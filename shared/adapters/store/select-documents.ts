import type { Query } from '../../ports/store.ts';
import { compareText, compareValues, isSameType } from './compare-values.ts';
import type { QueryOrder } from './plan-query.ts';
import type { StoredFields, StoredValue } from './stored-value.ts';

interface Candidate {
  readonly id: string;
  readonly fields: StoredFields;
}

/** The candidates that Firestore would return for `query`, in its order. */
export function selectDocuments<C extends Candidate>(
  candidates: Iterable<C>,
  query: Query<unknown>,
  order: QueryOrder,
): readonly C[] {
  const sign = order.direction === 'asc' ? 1 : -1;
  const compare = (a: SortKey, b: SortKey) => sign * compareKeys(a, b);
  const start: SortKey | undefined = query.after && [[query.after.value], query.after.id];
  return [...candidates]
    .filter(({ id }) => query.ids?.includes(id) ?? true)
    .filter(({ fields }) => query.where.every((condition) => matches(fields, condition)))
    .flatMap((candidate) => {
      const key = sortKeyOf(candidate, order.fields);
      return key ? [{ candidate, key }] : [];
    })
    .filter(({ key }) => start === undefined || compare(key, start) > 0)
    .sort((a, b) => compare(a.key, b.key))
    .slice(0, query.limit)
    .map(({ candidate }) => candidate);
}

/** The values of the fields that the order names, then the id. */
type SortKey = readonly [values: readonly StoredValue[], id: string];

/** Undefined: the document lacks one of the fields, so the query does not find it. */
function sortKeyOf({ id, fields }: Candidate, names: readonly string[]): SortKey | undefined {
  const values = names.map((name) => ownValue(fields, name));
  return values.every((value) => value !== undefined) ? [values, id] : undefined;
}

function compareKeys([a, idA]: SortKey, [b, idB]: SortKey): number {
  return compareValues(a, b) || compareText(idA, idB);
}

function matches(fields: StoredFields, [field, comparison, value]: Query<unknown>['where'][number]): boolean {
  const actual = ownValue(fields, field);
  if (actual === undefined || !isSameType(actual, value)) return false;
  const order = compareValues(actual, value);
  return comparison === '==' ? order === 0 : order <= 0;
}

function ownValue(fields: StoredFields, name: string): StoredValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
