import { join } from 'node:path';
import { loadSqlite } from '../../../shared/adapters/sqlite/load-sqlite.ts';
import { isLocked } from '../../../shared/adapters/sqlite/to-file-error.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';

/**
 * Keeps a folder for one story, until the result is disposed of or the process ends, in whichever way.
 * @throws {PermanentError} another story has it
 */
export async function holdFolder(folder: string): Promise<Disposable> {
  const { DatabaseSync } = await loadSqlite();
  const lock = new DatabaseSync(join(folder, 'story.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isLocked(error)) throw error;
    throw new PermanentError(`another story is being told in ${folder}: wait for its end, or stop it`);
  }
  return { [Symbol.dispose]: () => lock.close() };
}
