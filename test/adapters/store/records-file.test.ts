import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { FileUse } from '../../../shared/adapters/sqlite/open-file.ts';
import { openRecords } from '../../../shared/adapters/sqlite/open-records.ts';
import { toFileError } from '../../../shared/adapters/sqlite/to-file-error.ts';
import { SystemClock } from '../../../shared/adapters/system-clock.ts';
import { CorruptRecordError, PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import { create, update } from '../../../shared/ports/store.ts';
import { openFileStore } from '../../../shared/runtime/container.ts';
import { note, notes, read, stored } from './store-notes.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-loop-file-'));
  path = join(folder, 'records.db');
});
afterEach(() => rm(folder, { recursive: true }));

const open = (use: Partial<FileUse> = {}, at = path) =>
  openFileStore(
    { file: 'records.db', path: at },
    { mustExist: false, readOnly: false, ...use },
    new SystemClock(),
  );
const question = { mustExist: true, readOnly: true };

async function withNote(): Promise<void> {
  const { store, close } = await open();
  await stored(store, 'a', { title: 'x' });
  await close();
}

describe('a file of records', () => {
  it('is its owner’s only, alone in its folder, and not touched by questions', async () => {
    await withNote();
    const before = await stat(path);
    expect(before.mode & 0o777).toBe(0o600);
    const { store, close } = await open(question);
    expect((await read(store, note('a'))).data).toMatchObject({ title: 'x' });
    await close();
    const { close: closeAgain } = await open();
    await closeAgain();
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(folder)).toEqual(['records.db']);
  });

  it('is not made by a question', async () => {
    await expect(open(question)).rejects.toThrow('records.db does not exist');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is one for all who have it open: what one has confirmed, the others see, and no version is given twice', async () => {
    const [one, other, third] = [await open(), await open(), await open(question)];
    const first = await stored(one.store, 'a', { title: 'x' });
    await other.store.commit([update(note('a'), await read(other.store, note('a')), { title: 'y' })]);
    expect((await read(third.store, note('a'))).data).toMatchObject({ title: 'y' });
    await expect(one.store.commit([update(note('a'), first, { title: 'z' })])).rejects.toThrow(
      'has changed since it was read',
    );
    for (const { close } of [one, other, third]) await close();
  });

  it('is changed by one at a time: who commits has it for itself from its first read', async () => {
    await withNote();
    const documents = await openRecords({ file: 'records.db', path }, { readOnly: false });
    const other = new DatabaseSync(path);
    const begin = () => other.exec('BEGIN IMMEDIATE');
    documents.change(() => {
      expect(begin).toThrow('locked');
      return [];
    });
    expect(begin).not.toThrow();
    other.close();
    documents.close();
  });

  it('made by two at once is one', async () => {
    const both = await Promise.all([open(), open()]);
    await stored(both[0].store, 'a', { title: 'x' });
    expect((await read(both[1].store, note('a'))).data).toMatchObject({ title: 'x' });
    for (const { close } of both) await close();
    expect(await readdir(folder)).toEqual(['records.db']);
  });

  it('that was replaced while it is in use takes nothing more: nobody would find it', async () => {
    const { store, close } = await open();
    await rename(path, `${path}.old`);
    await expect(stored(store, 'a', { title: 'x' })).rejects.toThrow(TransientError);
    await writeFile(path, '');
    await expect(stored(store, 'a', { title: 'x' })).rejects.toThrow('was removed or replaced');
    await close();
  });

  it('says of a row that somebody else has written which document cannot be read, and reads the others', async () => {
    await withNote();
    const database = new DatabaseSync(path);
    database.exec(`INSERT INTO documents VALUES ('notes/b', 'notes', 7, '2026-01-01T00:00:00Z', '{')`);
    database.close();
    const { store, close } = await open(question);
    await expect(store.get(note('b'))).rejects.toThrow(CorruptRecordError);
    await expect(store.find({ collection: notes, where: [], limit: 5 })).rejects.toThrow('document notes/b ');
    expect((await read(store, note('a'))).data).toMatchObject({ title: 'x' });
    await close();
  });
});

describe('a file is refused, and stays as it is,', () => {
  const database = (sql: string) => async () => {
    const made = new DatabaseSync(path);
    made.exec(sql);
    made.close();
  };
  const damage = async () => {
    await withNote();
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xff)]));
  };

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['that is empty', () => writeFile(path, ''), /contains no records of deploy-loop$/],
    ['that is a text', () => writeFile(path, 'hello'), /contains no records of deploy-loop$/],
    ['that is other JSON', () => writeFile(path, '{"a":1}'), /contains no records of deploy-loop$/],
    [
      'that is a folder',
      () =>
        rm(path, { force: true })
          .then(() => mkdtemp(path))
          .then((at) => rename(at, path)),
      /is not a file$/,
    ],
    ['of another program', database('CREATE TABLE a (b)'), /contains no records of deploy-loop$/],
    [
      'of a newer form',
      () => withNote().then(database('PRAGMA user_version = 2')),
      /newer version of deploy-loop \(form 2\)/,
    ],
    ['that is damaged', damage, /is damaged/],
    [
      'that was cut off',
      () => withNote().then(async () => writeFile(path, (await readFile(path)).subarray(0, 5_000))),
      /is damaged/,
    ],
    [
      'that everybody may write',
      () => withNote().then(() => chmod(path, 0o666)),
      /can be written by everybody: chmod 600/,
    ],
    [
      'in a folder that everybody may write, if only with files of their own',
      () => withNote().then(() => chmod(folder, 0o1777)),
      /everybody can write to the folder of .+: keep it in a folder of your own/,
    ],
    [
      'that a link leads to',
      () =>
        withNote()
          .then(() => rename(path, `${path}.2`))
          .then(() => symlink(`${path}.2`, path)),
      /is a symbolic link/,
    ],
    ['that a link leads to nowhere', () => symlink('/nowhere/at/all', path), /is a symbolic link/],
  ])('%s', async (_what, make, why) => {
    await make();
    const content = () => readFile(path).catch(String);
    const before = await content();
    await expect(open()).rejects.toThrow(why);
    await expect(open()).rejects.toThrow(PermanentError);
    await expect(open(question)).rejects.toThrow(why);
    expect(await content()).toEqual(before);
  });

  it('whose folder is not there', async () => {
    await expect(open({}, join(folder, 'no', 'records.db'))).rejects.toThrow('its folder does not exist');
  });

  it('that another process holds for long', async () => {
    await withNote();
    const holder = new DatabaseSync(path);
    holder.exec('BEGIN EXCLUSIVE');
    await expect(open()).rejects.toThrow('records.db is locked by another process');
    holder.exec('COMMIT');
    holder.close();
    await (await open()).close();
  });
});

test.each([
  [5, TransientError, 'is locked by another process'],
  [8, PermanentError, 'cannot be written: make the file and its folder writable'],
  [1544, PermanentError, 'cannot be written'],
  [13, TransientError, 'cannot be used now'],
  [266, TransientError, 'cannot be used now'],
  [11, PermanentError, 'is damaged'],
])('the error %i of SQLite says what to do', (errcode, kind, text) => {
  const error = toFileError('records.db', { code: 'ERR_SQLITE_ERROR', errcode, errstr: 'why' });
  expect(error).toBeInstanceOf(kind);
  expect(error?.message).toContain(text);
});

describe('records of the form before', () => {
  const older = new URL('../../fixtures/versions/0.1.0/records.json', import.meta.url);

  it('that were cut off are named', async () => {
    await writeFile(path, (await readFile(older, 'utf8')).slice(0, 3_000));
    await expect(open(question)).rejects.toThrow('records.db is damaged');
  });

  it('are read, and never written', async () => {
    const text = await readFile(older, 'utf8');
    await writeFile(path, text);
    await expect(open()).rejects.toThrow(/of an earlier form \(JSON\).*: use a new file/);
    const { store, close } = await open(question);
    expect(
      await store.find({ collection: { ...notes, path: 'runs' }, where: [], limit: 5, onCorrupt() {} }),
    ).toEqual([]);
    await close();
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('after kill -9', () => {
  const script = fileURLToPath(new URL('commit-forever.ts', import.meta.url));

  it('at any moment, by any of several processes, all that was confirmed is there, and no half of a batch', async () => {
    const confirmed = await Promise.all(['one', 'two', 'three'].map((name, n) => killAfter(name, 5 + 7 * n)));
    const { store, close } = await open(question);
    const found = await store.find({ collection: notes, where: [], limit: 1000 });
    const ids = new Set(found.map(({ id }) => id));
    for (const [name, last] of confirmed)
      for (let n = 0; n <= last; n++) expect(ids).toContain(`${name}-${n}-b`);
    for (const id of ids) expect(ids).toContain(id.replace(/[ab]$/, (end) => (end === 'a' ? 'b' : 'a')));
    await close();
  });

  it('in the middle of a change, a question undoes that change, whose journal nobody else could read', async () => {
    await withNote();
    const dying = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1]);
      database.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE');
      const row = database.prepare("INSERT INTO documents VALUES (?, 'notes', 9, '2026-01-01T00:00:00Z', ?)");
      for (let n = 0; n < 200; n++) row.run('notes/half-' + n, JSON.stringify({ title: 'x'.repeat(9000) }));
      process.kill(process.pid, 'SIGKILL');`;
    await once(spawn(process.execPath, ['-e', dying, path], { stdio: 'ignore' }), 'close');
    expect((await stat(`${path}-journal`)).mode & 0o777).toBe(0o600);
    const { store, close } = await open(question);
    const found = await store.find({ collection: notes, where: [], limit: 1000 });
    expect(found.map(({ id }) => id)).toEqual(['a']);
    await close();
  });

  /** @returns what it has confirmed at least */
  async function killAfter(name: string, lines: number): Promise<readonly [name: string, last: number]> {
    const child = spawn(process.execPath, [script, path, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let last = -1;
    for await (const line of createInterface(child.stdout)) {
      last = Number(line);
      if (last >= lines) child.kill('SIGKILL');
    }
    expect(last).toBeGreaterThanOrEqual(lines);
    return [name, last];
  }
});

it('the creation of a document by two processes at once succeeds for one', async () => {
  const [one, other] = [await open(), await open()];
  const results = await Promise.allSettled(
    [one, other].map(({ store }) => store.commit([create(note('a'), { title: 'x' })])),
  );
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await one.close();
  await other.close();
});
