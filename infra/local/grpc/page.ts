import { invalidArgument } from '../rpc-error.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/**
 * @param pageSize 0: as many as the method gives at most
 * @throws {RpcError} INVALID_ARGUMENT: a token that no page gave
 */
export function pageOf<T>(
  all: readonly T[],
  pageSize: number,
  pageToken: string,
  maxPageSize = 100,
): Page<T> {
  const start = pageToken === '' ? 0 : Number(pageToken);
  if (!Number.isInteger(start) || start < 0 || start > all.length)
    throw invalidArgument('page_token is not valid');
  const end = start + (pageSize > 0 ? Math.min(pageSize, maxPageSize) : maxPageSize);
  return { items: all.slice(start, end), nextPageToken: end < all.length ? String(end) : '' };
}
