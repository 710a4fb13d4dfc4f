import type { DocumentRef } from '../contracts/document.ts';
import { create, type Store } from './store.ts';
import { tryCommit } from './try-commit.ts';

/**
 * Creates a document unless it exists; an existing one stays as it is.
 * @returns whether it was created; also false if a repeated attempt of the client finds its own first success
 */
export async function createOnce<D>(
  store: Pick<Store, 'commit'>,
  ref: DocumentRef<D>,
  data: D,
): Promise<boolean> {
  return tryCommit(store, [create(ref, data)]);
}
