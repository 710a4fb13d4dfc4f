import { expect, it, test } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { CorruptRecordError } from '../../../shared/domain/errors.ts';
import { create, type Store, update } from '../../../shared/ports/store.ts';
import { anything, note, notes, read, stored } from './store-notes.ts';

/** What is written comes back, and nothing else does. */
export function specifyDocuments(store: () => Store): void {
  it('answers undefined for a document that is not there', async () => {
    expect(await store().get(note('none'))).toBeUndefined();
  });

  it('gives back what was created, with its id, a version and its creation time', async () => {
    const { id, data, version, createTime } = await stored(store(), 'a.b-1', {
      title: 'x',
      count: 1.5,
      done: false,
    });
    expect({ id, data }).toEqual({ id: 'a.b-1', data: { title: 'x', count: 1.5, done: false } });
    expect(version).not.toBe('');
    expect(Math.abs(createTime.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('leaves out what is undefined, at every depth', async () => {
    const extra = { kept: null, dropped: undefined, list: [{ dropped: undefined }] };
    await store().commit([create(documentIn(anything, 'a'), { title: 'x', count: undefined, extra })]);
    const { data } = await read(store(), documentIn(anything, 'a'));
    expect(data).toStrictEqual({ title: 'x', extra: { kept: null, list: [{}] } });
  });

  it('keeps dates to the millisecond, in maps and lists too', async () => {
    const at = new Date('2026-11-22T18:51:03.007Z');
    const early = new Date('1969-12-31T23:59:59.999Z');
    const { data } = await stored(store(), 'a', { title: 'x', at, nested: { at: early, list: [{ at }] } });
    expect(data).toEqual({ title: 'x', at, nested: { at: early, list: [{ at }] } });
  });

  test.each([
    ['dots', 'a.b.c'],
    ['slashes', 'a/b'],
    ['spaces', ' a  b '],
    ['dashes and digits', 'web-00001-abc'],
    ['backticks and quotes', '`"\'\\'],
    ['brackets', '[0]*~'],
    ['letters beyond ASCII', 'größe-😀'],
    ['the name of a member of Object', 'constructor'],
  ])('takes a key with %s for a name, never for a path', async (_, key) => {
    const { data, ...first } = await stored(store(), 'a', { title: 'x', map: { [key]: 1 } });
    expect(data.map).toEqual({ [key]: 1 });
    await store().commit([update(note('a'), { data, ...first }, { map: { [key]: 2 } })]);
    expect((await read(store(), note('a'))).data.map).toEqual({ [key]: 2 });
  });

  it('takes the name of a top-level field that looks like a path for a name', async () => {
    const ref = documentIn(anything, 'a');
    await store().commit([create(ref, { 'a.b': 1, a: { b: 2 } })]);
    expect((await read(store(), ref)).data).toEqual({ 'a.b': 1, a: { b: 2 } });
  });

  it('does not let a key reach a prototype', async () => {
    await stored(store(), 'a', { title: 'x', map: { constructor: 1, toString: 2, hasOwnProperty: 3 } });
    const { data } = await read(store(), note('a'));
    expect(Object.entries(data.map ?? {}).sort()).toEqual([
      ['constructor', 1],
      ['hasOwnProperty', 3],
      ['toString', 2],
    ]);
    expect({}.constructor).toBe(Object);
  });

  it('keeps text beyond ASCII, and sends a lone surrogate as U+FFFD', async () => {
    const { data } = await stored(store(), 'a', { title: 'naïve 漢字 😀 \u0000 \u2028 \ud800' });
    expect(data.title).toBe('naïve 漢字 😀 \u0000 \u2028 \ufffd');
  });

  it('keeps empty maps and lists, null and numbers of every size', async () => {
    const extra = { map: {}, list: [], none: null, big: 2 ** 53 - 1, small: -1e-300, huge: 1e300 };
    expect((await stored(store(), 'a', { title: '', extra })).data).toEqual({ title: '', extra });
  });

  it('shares no object with its callers', async () => {
    const at = new Date(0);
    const written = { title: 'x', at, extra: { list: [1] } };
    await store().commit([create(note('a'), written)]);
    written.extra.list.push(2);
    at.setTime(1);
    const first = await read(store(), note('a'));
    first.data.at?.setTime(2);
    first.createTime.setTime(3);
    Object.assign(first.data, { extra: 'changed' });
    const second = await read(store(), note('a'));
    expect(second.data).toEqual({ title: 'x', at: new Date(0), extra: { list: [1] } });
    expect(second.createTime.getTime()).not.toBe(3);
  });

  it('names the document that is not what its schema says', async () => {
    await store().commit([create(documentIn(anything, 'bad'), { title: 7 })]);
    const got = store().get(note('bad'));
    await expect(got).rejects.toThrow(CorruptRecordError);
    await expect(got).rejects.toMatchObject({ path: 'notes/bad', message: expect.stringContaining('title') });
    const found = store().find({ collection: notes, where: [], limit: 10 });
    await expect(found).rejects.toMatchObject({ name: 'CorruptRecordError', path: 'notes/bad' });
  });

  it('keeps documents of a sub-collection apart from those of its parent and its siblings', async () => {
    const parts = (parent: string) => ({ ...notes, path: `notes/${parent}/parts` });
    await store().commit([
      create(note('a'), { title: 'parent' }),
      create(documentIn(parts('a'), 'a'), { title: 'part of a' }),
      create(documentIn(parts('b'), 'a'), { title: 'part of b, which has no document' }),
    ]);
    const titles = async (collection: typeof notes) =>
      (await store().find({ collection, where: [], limit: 10 })).map(({ data }) => data.title);
    expect(await titles(notes)).toEqual(['parent']);
    expect(await titles(parts('a'))).toEqual(['part of a']);
    expect((await read(store(), documentIn(parts('b'), 'a'))).data.title).toBe(
      'part of b, which has no document',
    );
  });
}
