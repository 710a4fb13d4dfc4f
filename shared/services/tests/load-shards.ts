import { type ShardRecord, shardsOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';

const page = 300;

/** All shards of a run that are in, by their number. */
export async function loadShards(store: Store, runId: RunId): Promise<readonly ShardRecord[]> {
  const all: ShardRecord[] = [];
  for (;;) {
    const last = all.at(-1);
    const found = await store.find({
      collection: shardsOf(runId),
      where: [],
      orderBy: { field: 'i', direction: 'asc' },
      ...(last && { after: { value: last.i, id: String(last.i) } }),
      limit: page,
    });
    all.push(...found.map(({ data }) => data));
    if (found.length < page) return all;
  }
}
