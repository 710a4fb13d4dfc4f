import type { Store } from '../../shared/ports/store.ts';

/** A store of which some calls go another way; the others are passed on. */
export function aroundStore(store: Store, calls: Partial<Store>): Store {
  return {
    get: (ref) => store.get(ref),
    find: (query) => store.find(query),
    countAndSum: (collection, field) => store.countAndSum(collection, field),
    commit: (writes) => store.commit(writes),
    ...calls,
  };
}
