import { pathOf } from '../contracts/document.ts';
import type { Store, Write } from '../ports/store.ts';

export interface CommittedWrite {
  /** `runs/{id}`, `decisions/{id}.{stage}`, … */
  readonly path: string;
  /** The whole document when it was created, the changed fields when it was updated. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A store that tells of every write once it is durable: live progress is derived from the records themselves. */
export function watchCommits(store: Store, onWrite: (write: CommittedWrite) => void): Store {
  return {
    get: (ref) => store.get(ref),
    find: (query) => store.find(query),
    async commit(writes) {
      await store.commit(writes);
      for (const write of writes) onWrite({ path: pathOf(write.ref), fields: fieldsOf(write) });
    },
  };
}

function fieldsOf(write: Write): Readonly<Record<string, unknown>> {
  return write.kind === 'update' ? write.fields : { ...(write.data as object) };
}
