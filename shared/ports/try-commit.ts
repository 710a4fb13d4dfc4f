import { WriteConflictError } from '../domain/errors.ts';
import type { Store, Write } from './store.ts';

/**
 * Commits all writes or none.
 * @returns false: another writer, or an earlier attempt of this caller's client, was first; read again
 */
export async function tryCommit(store: Pick<Store, 'commit'>, writes: readonly Write[]): Promise<boolean> {
  try {
    await store.commit(writes);
    return true;
  } catch (error) {
    if (error instanceof WriteConflictError) return false;
    throw error;
  }
}
