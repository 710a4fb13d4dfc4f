import { readFile } from 'node:fs/promises';
import { PermanentError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { MemoryStore } from '../memory/memory-store.ts';
import { DocumentStore } from '../store/document-store.ts';
import { createRecords, inspectRecords, openRecords, type RecordsFile } from './open-records.ts';

/** What a command needs from a file of records. */
export interface FileUse {
  /** True: a missing file is an error, and none is made. */
  readonly mustExist: boolean;
  /** True: nothing is written. */
  readonly readOnly: boolean;
}

/**
 * A store in a file that several processes share.
 * @throws {PermanentError} the file cannot be used
 * @throws {TransientError} other processes hold it
 */
export async function openFile(
  records: RecordsFile,
  { mustExist, readOnly }: FileUse,
  clock: Clock,
): Promise<{ readonly store: Store; close(): Promise<void> }> {
  const { file } = records;
  const content = inspectRecords(records);
  if (content === 'missing' && (mustExist || readOnly)) throw new PermanentError(`${file} does not exist`);
  if (content === 'older' && !readOnly)
    throw new PermanentError(
      `${file} is of an earlier form (JSON), which is only read: use a new file; the last good revision and the pin are known from the service`,
    );
  if (content === 'older') return { store: await readOlder(records, clock), close: async () => {} };
  if (content === 'missing') await createRecords(records);
  const documents = await openRecords(records, { readOnly });
  return { store: new DocumentStore(documents, clock), close: async () => documents.close() };
}

/** @throws {PermanentError} it was cut off, or changed by something else */
async function readOlder({ file, path }: RecordsFile, clock: Clock): Promise<Store> {
  try {
    return MemoryStore.fromJson(await readFile(path, 'utf8'), clock);
  } catch (cause) {
    throw new PermanentError(`${file} is damaged: restore a copy, or use another file`, { cause });
  }
}
