import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BadInputError } from '../exit/bad-input-error.ts';
import { errorCodeOf } from './error-code-of.ts';

const mebibyte = 1024 * 1024;

/**
 * Reads a file that the user has named.
 *
 * @param maxMebibytes a larger file cannot be the right one
 * @throws {BadInputError} the file is missing, too large, or not UTF-8 text
 */
export async function readTextFile(file: string, cwd: string, maxMebibytes = 1): Promise<string> {
  return decode(await readBytes(file, resolve(cwd, file), maxMebibytes), file);
}

async function readBytes(file: string, path: string, maxMebibytes: number): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new BadInputError(`${file} is a directory, not a file`);
    // Checked before it is read: it may be a disk image or an endless device.
    if (!stats.isFile()) throw new BadInputError(`${file} is not a regular file`);
    if (stats.size > maxMebibytes * mebibyte)
      throw new BadInputError(`${file} is larger than ${maxMebibytes} MiB`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof BadInputError) throw cause;
    throw new BadInputError(`${file} ${whyUnreadable(cause)}`, { cause });
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BadInputError(`${file} is not UTF-8 text`, { cause });
  }
}

function whyUnreadable(error: unknown): string {
  const code = errorCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: permission denied';
  return `cannot be read (${code})`;
}
