import { z } from 'zod';
import { type DeployLoopError, PermanentError, TransientError } from '../../domain/errors.ts';

const SqliteError = z.object({
  code: z.literal('ERR_SQLITE_ERROR'),
  errcode: z.number(),
  errstr: z.string(),
});

/** The lower byte of SQLite's result codes: https://www.sqlite.org/rescode.html */
const locked = [5, 6];
const notWritable = [3, 8, 14, 23];
const damaged = [11, 26];
/** The changes of a process that died must be undone first, which needs the right to write. */
const needsRollback = 776;

/** @returns what an error of SQLite means for the records in `file`; undefined: it is none of SQLite's */
export function toFileError(file: string, error: unknown): DeployLoopError | undefined {
  const parsed = SqliteError.safeParse(error);
  if (!parsed.success) return undefined;
  const { errcode, errstr } = parsed.data;
  const code = errcode & 0xff;
  const options = { cause: error };
  if (locked.includes(code))
    return new TransientError(`${file} is locked by another process: run the command again`, options);
  if (notWritable.includes(code))
    return new PermanentError(`${file} cannot be written: make the file and its folder writable`, options);
  if (damaged.includes(code))
    return new PermanentError(`${file} is damaged (${errstr}): restore a copy, or use another file`, options);
  return new TransientError(`${file} cannot be used now: ${errstr}`, options);
}

/** True: another process holds the file. */
export function isLocked(error: unknown): boolean {
  const parsed = SqliteError.safeParse(error);
  return parsed.success && locked.includes(parsed.data.errcode & 0xff);
}

/** True: a process died in the middle of a change, and this connection may not undo it. */
export function needsRecovery(error: unknown): boolean {
  return SqliteError.safeParse(error).data?.errcode === needsRollback;
}
