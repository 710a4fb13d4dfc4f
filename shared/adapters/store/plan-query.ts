import { PermanentError } from '../../domain/errors.ts';
import type { Query } from '../../ports/store.ts';
import { checkCollectionPath, checkDocumentPath } from './check-path.ts';

export const maxLimit = 1000;
/** Firestore's limit of values after `in`. */
const maxIds = 30;

/** The order in which Firestore answers: by the fields, then by id. */
export interface QueryOrder {
  readonly fields: readonly string[];
  /** Of the fields and of the id. */
  readonly direction: 'asc' | 'desc';
}

/**
 * The rules of a query, the same for every store.
 *
 * @throws {PermanentError} the query breaks a rule; nothing was sent
 */
export function planQuery<D>(query: Query<D>): QueryOrder {
  const { collection, ids, where, orderBy, after, limit } = query;
  checkCollectionPath(collection.path);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new PermanentError(`a query's limit is 1 to ${maxLimit}, not ${limit}`);
  }
  if (ids && (ids.length < 1 || ids.length > maxIds)) {
    throw new PermanentError(`a query is for 1 to ${maxIds} ids, not ${ids.length}`);
  }
  for (const id of ids ?? []) checkDocumentPath({ collection, id });
  if (after && !orderBy) throw new PermanentError('a query that starts after a document needs an order');
  const values = [...where.map(([, , value]) => value), ...(after ? [after.value] : [])];
  if (values.some((value) => Number.isNaN(value.valueOf()))) {
    throw new PermanentError('a query cannot compare with something that is not a number or not a date');
  }
  if (orderBy) return { fields: [orderBy.field], direction: orderBy.direction };
  const compared = where.filter(([, comparison]) => comparison === '<=').map(([field]) => field);
  return { fields: [...new Set(compared)].sort(), direction: 'asc' };
}
