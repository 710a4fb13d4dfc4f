import type { Collection } from '../../contracts/document.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Query, Store, Stored } from '../../ports/store.ts';

const page = 300;

/**
 * All documents of a query in the order of one field, however many there are.
 *
 * @param log receives corrupt documents, which are left out so that no run waits for them for ever; absent: they are an
 * error
 */
export async function findAll<D, F extends keyof D & string>(
  collection: Collection<D>,
  { field, where = [] }: { readonly field: F; readonly where?: Query<D>['where'] },
  { store, log }: { readonly store: Store; readonly log: Logger | undefined },
): Promise<readonly Stored<D>[]> {
  const all: Stored<D>[] = [];
  for (;;) {
    const last = all.at(-1);
    const found = await store.find({
      collection,
      where,
      orderBy: { field, direction: 'asc' },
      ...(last && { after: { value: orderable(last.data[field]), id: last.id } }),
      limit: page,
      ...(log && {
        onCorrupt: (error) => log.error({ code: 'corrupt-record', path: error.path }, error.message),
      }),
    });
    all.push(...found);
    if (found.length < page) return all;
  }
}

function orderable(value: unknown): number | Date {
  if (typeof value === 'number' || value instanceof Date) return value;
  throw new TypeError('documents are read in the order of a number or a time');
}
