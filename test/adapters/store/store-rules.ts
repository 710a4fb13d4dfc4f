import { expect, it, test } from '@jest/globals';
import { z } from 'zod';
import { documentIn } from '../../../shared/contracts/document.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import { create, type Query, type Store, update, type Write } from '../../../shared/ports/store.ts';
import { anything, note, notes, stored } from './store-notes.ts';

/** What no store takes, so that a test in memory fails where production would. */
export function specifyRules(store: () => Store): void {
  const refuses = (writes: readonly Write[]) =>
    expect(store().commit(writes)).rejects.toThrow(PermanentError);
  const refusesData = (data: Record<string, unknown>) => refuses([create(documentIn(anything, 'a'), data)]);

  it('refuses an empty batch, one of more than 100 writes, and two writes to one document', async () => {
    await refuses([]);
    await refuses(Array.from({ length: 101 }, (_, i) => create(note(`n${i}`), { title: 'x' })));
    const first = await stored(store(), 'a', { title: 'x' });
    await refuses([update(note('a'), first, { title: 'y' }), update(note('a'), first, { count: 1 })]);
    await refuses([create(note('b'), { title: 'x' }), create(note('b'), { title: 'x' })]);
    expect(await store().get(note('b'))).toBeUndefined();
  });

  test.each(['', '.', '..', 'A', 'a/b', '__x__', 'a b', 'ü', 'a\n', 'x'.repeat(129)])(
    'refuses the id %j, however the reference was made',
    async (id) => {
      await refuses([create({ collection: notes, id }, { title: 'x' })]);
      await expect(store().get({ collection: notes, id })).rejects.toThrow(PermanentError);
      const collection = { ...notes, path: `notes/${id}/parts` };
      await refuses([create({ collection, id: 'a' }, { title: 'x' })]);
      await expect(store().find({ collection, where: [], limit: 1 })).rejects.toThrow(PermanentError);
    },
  );

  test.each(['', 'notes/a', '/notes', 'notes/', 'notes//parts', '__x__'])(
    'refuses %j as a collection',
    async (path) => {
      await expect(store().find({ collection: { ...notes, path }, where: [], limit: 1 })).rejects.toThrow(
        PermanentError,
      );
    },
  );

  it('refuses a new document that is not what its schema says', async () => {
    await refuses([create(note('a'), { title: 7 } as never)]);
    await refuses([create(note('a'), { title: 'x', unknown: 1 } as never)]);
    await refuses([create(note('a'), {} as never)]);
    expect(await store().get(note('a'))).toBeUndefined();
  });

  it('refuses an update after which the document would not be what its schema says', async () => {
    const first = await stored(store(), 'a', { title: 'x' });
    await refuses([update(note('a'), first, { title: undefined })]);
    await refuses([update(note('a'), first, { count: '1' } as never)]);
    await refuses([update(note('a'), first, { unknown: 1 } as never)]);
    await refuses([update(note('a'), first, { constructor: 1 } as never)]);
    await refuses([update(note('a'), first, {})]);
    expect(await store().get(note('a'))).toEqual({ ...first, readTime: expect.any(Date) });
  });

  it('refuses to update a document whose schema has no fields to check one by one', async () => {
    const first = await stored(store(), 'a', { title: 'x' });
    const ref = { collection: { ...notes, schema: z.any() }, id: 'a' };
    await refuses([update(ref, first, { title: 'y' })]);
  });

  test.each<[string, unknown]>([
    ['a list in a list', [[1]]],
    ['undefined in a list', [1, undefined]],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['a class instance', new URL('http://a')],
    ['a Map', new Map()],
    ['an invalid date', new Date(Number.NaN)],
    ['a date beyond the year 9999', new Date(8.64e15)],
    ['a name that Firestore reserves', JSON.parse('{"__proto__": 1}')],
    ['an empty name', { '': 1 }],
    ['a name that is no Unicode', { '\ud800': 1 }],
    ['a name of more than 1500 bytes', { ['x'.repeat(1501)]: 1 }],
    ['more than 20 levels', Array.from({ length: 21 }).reduce((inner) => ({ inner }), {})],
  ])('refuses %s', async (_, value) => {
    await refusesData({ value });
    await refusesData({ list: [{ value }] });
  });

  it('refuses a document over 1 MiB, and takes one just under it', async () => {
    const text = 'x'.repeat(1_048_576 - 200);
    await refusesData({ text: `${text}${'ü'.repeat(150)}` });
    await store().commit([create(documentIn(anything, 'a'), { text })]);
  });

  test.each<Partial<Query<unknown>>>([
    { limit: 0 },
    { limit: 1001 },
    { limit: 1.5 },
    { after: { value: 1, id: 'a' } },
    { where: [['n', '==', Number.NaN]] },
    { where: [['at', '<=', new Date(Number.NaN)]] },
  ])('refuses the query %j', async (query) => {
    await expect(store().find({ collection: notes, where: [], limit: 1, ...query } as never)).rejects.toThrow(
      PermanentError,
    );
  });
}
