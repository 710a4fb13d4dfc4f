import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BadInputError } from '../exit/bad-input-error.ts';
import { errorCodeOf } from './error-code-of.ts';

const chunkBytes = 16 * 1024;

/**
 * Reads a file of any size in chunks: a regular file or a pipe (`<(command)`). A chunk is valid until the next one is
 * requested.
 *
 * @throws {BadInputError} the file is missing, unreadable or of another kind; the message begins with the reason
 */
export async function* openReport(file: string, cwd: string): AsyncGenerator<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(resolve(cwd, file));
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new BadInputError('the file is a directory');
    // A device may be endless.
    if (!stats.isFile() && !stats.isFIFO())
      throw new BadInputError('the file is neither a regular file nor a pipe');
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (cause) {
    if (cause instanceof BadInputError) throw cause;
    throw new BadInputError(whyUnreadable(cause), { cause });
  } finally {
    await handle?.close();
  }
}

function whyUnreadable(error: unknown): string {
  const code = errorCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'the file does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'the file cannot be read: permission denied';
  return `the file cannot be read (${code ?? String(error)})`;
}
