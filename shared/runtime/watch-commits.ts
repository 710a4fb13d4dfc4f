import type { DocumentRef } from '../contracts/document.ts';
import type { Store } from '../ports/store.ts';

/** A store that reports every document once its write is durable: live progress is derived from the records. */
export function watchCommits(store: Store, onWrite: (ref: DocumentRef<unknown>) => void): Store {
  return {
    get: (ref) => store.get(ref),
    find: (query) => store.find(query),
    countAndSum: (collection, field) => store.countAndSum(collection, field),
    async commit(writes) {
      await store.commit(writes);
      for (const { ref } of writes) onWrite(ref);
    },
  };
}
