import { expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { WriteConflictError } from '../../../shared/domain/errors.ts';
import { create, type Store, update, type Write } from '../../../shared/ports/store.ts';
import { anything, note, read, stored } from './store-notes.ts';

/** Who is first wins, and everybody else is told. */
export function specifyCommits(store: () => Store): void {
  it('refuses to create a document that exists, and leaves it as it was', async () => {
    await stored(store(), 'a', { title: 'first' });
    await expect(store().commit([create(note('a'), { title: 'second' })])).rejects.toThrow(
      WriteConflictError,
    );
    expect((await read(store(), note('a'))).data.title).toBe('first');
  });

  it('lets exactly one of 50 parallel creates of one document win', async () => {
    const writes = Array.from({ length: 50 }, (_, i) => create(note('a'), { title: String(i) }));
    const results = await Promise.allSettled(writes.map((write) => store().commit([write])));
    expect(count(results)).toEqual({ won: 1, conflicts: 49 });
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    expect((await read(store(), note('a'))).data.title).toBe(String(winner));
  });

  it('lets exactly one of 20 parallel updates of one version win', async () => {
    const first = await stored(store(), 'a', { title: 'first' });
    const writes = Array.from({ length: 20 }, (_, i) => update(note('a'), first, { title: String(i) }));
    const results = await Promise.allSettled(writes.map((write) => store().commit([write])));
    expect(count(results)).toEqual({ won: 1, conflicts: 19 });
  });

  it('replaces the named fields whole, removes those that are undefined, and keeps the others', async () => {
    const first = await stored(store(), 'a', { title: 'x', count: 1, done: true, map: { a: 1, b: 2 } });
    await store().commit([update(note('a'), first, { count: undefined, map: { a: 3 } })]);
    const second = await read(store(), note('a'));
    expect(second.data).toStrictEqual({ title: 'x', done: true, map: { a: 3 } });
    expect(second.createTime).toEqual(first.createTime);
  });

  it('takes the name of an updated field that looks like a path for a name', async () => {
    const ref = documentIn(anything, 'a');
    const names = { 'a.b': 1, 'c d': 1, 'e/f': 1, '`': 1 };
    await store().commit([create(ref, { ...names, a: { b: 2 } })]);
    const changed = Object.fromEntries(Object.keys(names).map((name) => [name, 3]));
    await store().commit([update(ref, await read(store(), ref), changed)]);
    expect((await read(store(), ref)).data).toEqual({ ...changed, a: { b: 2 } });
  });

  it('removes nothing when the field to remove is not there', async () => {
    const first = await stored(store(), 'a', { title: 'x' });
    await store().commit([update(note('a'), first, { count: undefined, title: 'y' })]);
    expect((await read(store(), note('a'))).data).toStrictEqual({ title: 'y' });
  });

  it('gives a changed document another version, with which it can be changed again', async () => {
    let last = await stored(store(), 'a', { title: '0' });
    const versions = new Set([last.version]);
    for (const title of ['1', '2', '3']) {
      await store().commit([update(note('a'), last, { title })]);
      last = await read(store(), note('a'));
      versions.add(last.version);
    }
    expect(versions.size).toBe(4);
  });

  it('keeps the version when an update changes nothing, so that a lease needs a nonce', async () => {
    const first = await stored(store(), 'a', { title: 'x', map: { a: 1 } });
    await store().commit([update(note('a'), first, { title: 'x', map: { a: 1 } })]);
    expect((await read(store(), note('a'))).version).toBe(first.version);
  });

  it('refuses an update that names an older version, or a document that is not there', async () => {
    const first = await stored(store(), 'a', { title: 'first' });
    await store().commit([update(note('a'), first, { title: 'second' })]);
    await expect(store().commit([update(note('a'), first, { title: 'third' })])).rejects.toThrow(
      WriteConflictError,
    );
    await expect(store().commit([update(note('b'), first, { title: 'third' })])).rejects.toThrow(
      WriteConflictError,
    );
    expect((await read(store(), note('a'))).data.title).toBe('second');
  });

  it('writes all or nothing, whichever write is refused', async () => {
    const first = await stored(store(), 'a', { title: 'first' });
    await stored(store(), 'b', { title: 'first' });
    const stale: Write = {
      kind: 'update',
      ref: note('b') as never,
      fields: { title: 'stale' },
      version: first.version,
    };
    const refused = [
      [
        create(note('c'), { title: 'new' }),
        update(note('a'), first, { title: 'changed' }),
        create(note('b'), { title: 'again' }),
      ],
      [create(note('c'), { title: 'new' }), stale, update(note('a'), first, { title: 'changed' })],
      [update(note('none'), first, { title: 'gone' }), create(note('c'), { title: 'new' })],
    ];
    for (const writes of refused) await expect(store().commit(writes)).rejects.toThrow(WriteConflictError);
    expect(await store().get(note('c'))).toBeUndefined();
    expect(await read(store(), note('a'))).toEqual({ ...first, readTime: expect.any(Date) });
  });

  it('takes 100 writes at once', async () => {
    await store().commit(Array.from({ length: 100 }, (_, i) => create(note(`n${i}`), { title: String(i) })));
    expect((await read(store(), note('n99'))).data.title).toBe('99');
  });
}

function count(results: readonly PromiseSettledResult<void>[]): { won: number; conflicts: number } {
  const won = results.filter(({ status }) => status === 'fulfilled').length;
  const conflicts = results.filter(
    (r) => r.status === 'rejected' && r.reason instanceof WriteConflictError,
  ).length;
  return { won, conflicts };
}
