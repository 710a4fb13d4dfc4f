import type { DocumentRef } from '../contracts/document.ts';
import { create, type Store } from './store.ts';
import { tryCommit } from './try-commit.ts';

/**
 * Creates a document that may be there already, and then leaves it as it is.
 * @returns whether it was created; false also where a repeated attempt of the client finds its own first success
 */
export async function createOnce<D>(
  store: Pick<Store, 'commit'>,
  ref: DocumentRef<D>,
  data: D,
): Promise<boolean> {
  return tryCommit(store, [create(ref, data)]);
}
