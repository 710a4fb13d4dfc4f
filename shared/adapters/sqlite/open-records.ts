import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { describeError, PermanentError } from '../../domain/errors.ts';
import { loadSqlite } from './load-sqlite.ts';
import { applicationId, formatVersion, SqliteDocuments, schemaSql } from './sqlite-documents.ts';
import { needsRecovery, toFileError } from './to-file-error.ts';

/** How long one call waits for other processes, which change a file within milliseconds. */
const busyMs = 2_000;
const othersMayWrite = 0o002;
const olderHead = /^\s*\{\s*"format":\s*"deploy-loop-records"/;

/** What the command line names. */
export interface RecordsFile {
  /** As it was named, for errors. */
  readonly file: string;
  /** The same, absolute. */
  readonly path: string;
}

/** What is at a path before it is opened; `older`: a snapshot in JSON, which earlier versions have written. */
export type FileContent = 'missing' | 'database' | 'older';

/**
 * Looks at a file of records without opening it as a database.
 * @throws {PermanentError} it is no file, or others may write it or its folder, or something else is in it
 */
export function inspectRecords({ file, path }: RecordsFile): FileContent {
  assertOwnFolder(file, path);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 'missing';
  assertOwnFile(file, found);
  const head = readHead(file, path);
  if (head.startsWith('SQLite format 3\0')) return 'database';
  if (olderHead.test(head)) return 'older';
  throw noRecords(file);
}

/**
 * Opens a database of records.
 * @throws {PermanentError} it cannot be used, and why; nothing in it was changed
 * @throws {TransientError} other processes hold it
 */
export async function openRecords(
  { file, path }: RecordsFile,
  { readOnly }: { readonly readOnly: boolean },
): Promise<SqliteDocuments> {
  const { DatabaseSync } = await loadSqlite();
  if (!readOnly) assertFolderIsWritable(file, path);
  const open = (mayWrite: boolean): SqliteDocuments => {
    const database = new DatabaseSync(path, { readOnly: !mayWrite });
    try {
      prepare(database, file, mayWrite);
      return new SqliteDocuments(database, file, path);
    } catch (error) {
      database.close();
      throw error;
    }
  };
  try {
    try {
      return open(!readOnly);
    } catch (error) {
      if (!readOnly || !needsRecovery(error)) throw error;
      // A process was killed in the middle of a change, which is undone by whoever may write.
      open(true).close();
      return open(false);
    }
  } catch (error) {
    throw toFileError(file, error) ?? error;
  }
}

/**
 * Makes a database without records for its owner only, under its name at once; an existing file stays as it is.
 * @throws {PermanentError} it cannot be made
 */
export async function createRecords({ file, path }: RecordsFile): Promise<void> {
  const { DatabaseSync } = await loadSqlite();
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    // Its journal gets the same rights.
    closeSync(openSync(draft, 'wx', 0o600));
    const database = new DatabaseSync(draft);
    database.exec(`PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE; ${schemaSql} COMMIT`);
    database.close();
    linkSync(draft, path);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'EEXIST') return;
    const why = code === 'ENOENT' ? 'its folder does not exist' : describeError(cause);
    throw new PermanentError(`${file} cannot be made: ${why}`, { cause });
  } finally {
    rmSync(draft, { force: true });
  }
}

function prepare(database: DatabaseSync, file: string, mayWrite: boolean): void {
  database.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA trusted_schema = OFF; PRAGMA synchronous = EXTRA;`);
  assertOurs(database, file);
  // Refused where nothing can be written: a run whose records cannot be saved does not begin.
  if (mayWrite) database.exec('BEGIN IMMEDIATE; ROLLBACK');
}

/** @throws {PermanentError} it was made by something else or by a newer version, or it is damaged */
function assertOurs(database: DatabaseSync, file: string): void {
  if (numberOf(database, 'PRAGMA application_id') !== applicationId) throw noRecords(file);
  const format = numberOf(database, 'PRAGMA user_version');
  if (format !== formatVersion)
    throw new PermanentError(
      `${file} is of a newer version of deploy-loop (form ${format}): use that version`,
    );
  const [fault] = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {});
  if (fault !== 'ok') throw new PermanentError(`${file} is damaged: restore a copy, or use another file`);
}

function numberOf(database: DatabaseSync, sql: string): number {
  return z.number().parse(Object.values(database.prepare(sql).get() ?? {})[0]);
}

/** Each change needs a journal beside the file. */
function assertFolderIsWritable(file: string, path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new PermanentError(`${file} cannot be written: its folder is not writable`, { cause });
  }
}

/** SQLite takes over what it finds in a journal beside the file, also one that a stranger has put into a folder like /tmp. */
function assertOwnFolder(file: string, path: string): void {
  const folder = dirname(path);
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & othersMayWrite) !== 0)
    throw new PermanentError(
      `everybody can write to the folder of ${file}: keep it in a folder of your own, such as ~/.deploy-loop`,
    );
}

function assertOwnFile(file: string, found: Stats): void {
  if (found.isSymbolicLink())
    throw new PermanentError(`${file} is a symbolic link: specify the file that it leads to`);
  if (!found.isFile()) throw new PermanentError(`${file} is not a file`);
  if ((found.mode & othersMayWrite) !== 0)
    throw new PermanentError(
      `${file} can be written by everybody: chmod 600 it if its records can be trusted`,
    );
}

function readHead(file: string, path: string): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const head = Buffer.alloc(64);
      return head.subarray(0, readSync(descriptor, head, 0, head.length, 0)).toString('latin1');
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new PermanentError(`${file} cannot be read`, { cause });
  }
}

function noRecords(file: string): PermanentError {
  return new PermanentError(`${file} contains no records of deploy-loop`);
}

function codeOf(error: unknown): unknown {
  // No instanceof: the error may come from another realm.
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
