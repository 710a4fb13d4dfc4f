import { readSnapshot } from '../../shared/adapters/memory/memory-snapshot.ts';
import type { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import { createRecords, openRecords } from '../../shared/adapters/sqlite/open-records.ts';

/** Makes a file of records with what a store in memory holds. */
export async function saveRecords(path: string, store: MemoryStore): Promise<void> {
  const records = { file: path, path };
  await createRecords(records);
  const documents = await openRecords(records, { readOnly: false });
  documents.change((version) => readSnapshot(store.toJson()).map((document) => ({ ...document, version })));
  documents.close();
}
