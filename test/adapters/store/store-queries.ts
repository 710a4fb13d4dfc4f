import { expect, it, test } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { type CorruptRecordError, PermanentError } from '../../../shared/domain/errors.ts';
import { create, type Query, type Store } from '../../../shared/ports/store.ts';
import { anything, note, notes } from './store-notes.ts';

type Where = Query<unknown>['where'][number];

/** What a query finds and in which order; the same in memory and in Firestore. */
export function specifyQueries(store: () => Store): void {
  const fill = (documents: Readonly<Record<string, Record<string, unknown>>>) =>
    store().commit(Object.entries(documents).map(([id, data]) => create(documentIn(anything, id), data)));
  const find = async (query: Partial<Query<Record<string, unknown>>>) => {
    const found = await store().find({ collection: anything, where: [], limit: 100, ...query });
    return found.map(({ id }) => id);
  };

  it('gives documents with their data, version and creation time', async () => {
    await store().commit([create(note('a'), { title: 'x', at: new Date(5) })]);
    const found = await store().find({ collection: notes, where: [['title', '==', 'x']], limit: 1 });
    const { readTime: _, ...known } = { ...(await store().get(note('a'))) };
    expect(found).toMatchObject([known]);
    expect(found[0]?.readTime.getTime()).toBeGreaterThanOrEqual(found[0]?.createTime.getTime() ?? 0);
  });

  it('finds what lies behind documents that are corrupt', async () => {
    await fill({ a: { title: 1 }, b: { title: 2 }, c: { title: 3 }, d: { title: 'x' }, e: { title: 'y' } });
    const told: string[] = [];
    const onCorrupt = (error: CorruptRecordError) => void told.push(error.path);
    const found = await store().find({ collection: notes, where: [], limit: 2, onCorrupt });
    expect(found.map(({ id }) => id)).toEqual(['d', 'e']);
    expect(told).toEqual(['notes/a', 'notes/b', 'notes/c']);
  });

  it('orders by id when nothing else is asked', async () => {
    await fill({ b: {}, 'a.b': {}, a: {}, 'a.a-b': {}, '1': {}, a1: {} });
    expect(await find({})).toEqual(['1', 'a', 'a.a-b', 'a.b', 'a1', 'b']);
  });

  const mixed = {
    false: { v: false },
    true: { v: true },
    minus: { v: -1 },
    one: { v: 1 },
    half: { v: 1.5 },
    text: { v: '1' },
    empty: { v: '' },
    date: { v: new Date(1) },
    later: { v: new Date(2) },
    null: { v: null },
    list: { v: [1] },
    map: { v: { a: 1 } },
    other: { w: 1 },
  };
  test.each<[Where, string[]]>([
    [['v', '==', 1], ['one']],
    [['v', '==', '1'], ['text']],
    [['v', '==', true], ['true']],
    [['v', '==', new Date(1)], ['date']],
    [
      ['v', '<=', 1],
      ['minus', 'one'],
    ],
    [
      ['v', '<=', 1.5],
      ['minus', 'one', 'half'],
    ],
    [
      ['v', '<=', 'z'],
      ['empty', 'text'],
    ],
    [['v', '<=', new Date(1)], ['date']],
    [
      ['v', '<=', true],
      ['false', 'true'],
    ],
    [['v', '==', 2], []],
    [['none', '<=', 2], []],
  ])('compares values of one type only: %j finds %j', async (where, ids) => {
    await fill(mixed);
    expect(await find({ where: [where] })).toEqual(ids);
  });

  it('orders values of several types by type, and does not find a document without the field', async () => {
    await fill(mixed);
    const order = 'null false true minus one half date later empty text list map'.split(' ');
    expect(await find({ orderBy: { field: 'v', direction: 'asc' } })).toEqual(order);
    expect(await find({ orderBy: { field: 'v', direction: 'desc' } })).toEqual(order.reverse());
  });

  it('orders text by code point, and lists and maps by their members', async () => {
    await fill({
      astral: { v: '😀' },
      bmp: { v: '\uff61' },
      ascii: { v: 'z' },
      list1: { v: [1] },
      list12: { v: [1, 2] },
      list2: { v: [2] },
      mapa1: { v: { a: 1 } },
      mapa1b: { v: { b: 0, a: 1 } },
      mapa2: { v: { a: 2 } },
      mapb: { v: { b: 0 } },
    });
    const order = ['ascii', 'bmp', 'astral', 'list1', 'list12', 'list2', 'mapa1', 'mapa1b', 'mapa2', 'mapb'];
    expect(await find({ orderBy: { field: 'v', direction: 'asc' } })).toEqual(order);
  });

  it('demands all conditions', async () => {
    await fill({
      a: { s: 'open', n: 1 },
      b: { s: 'open', n: 3 },
      c: { s: 'closed', n: 1 },
      d: { s: 'open' },
    });
    expect(
      await find({
        where: [
          ['s', '==', 'open'],
          ['n', '<=', 2],
        ],
      }),
    ).toEqual(['a']);
    expect(
      await find({
        where: [
          ['s', '==', 'open'],
          ['s', '==', 'closed'],
        ],
      }),
    ).toEqual([]);
    expect(await find({ where: [['s', '==', 'open']], orderBy: { field: 'n', direction: 'desc' } })).toEqual([
      'b',
      'a',
    ]);
  });

  it('orders by the compared field when no order is asked', async () => {
    await fill({ a: { n: 3 }, b: { n: 1 }, c: { n: 2 }, d: { n: 1 }, e: { n: 9 } });
    expect(await find({ where: [['n', '<=', 3]] })).toEqual(['b', 'd', 'c', 'a']);
  });

  it('takes the name of a field that looks like a path for a name', async () => {
    await fill({ name: { 'a.b': 1 }, path: { a: { b: 1 } } });
    expect(await find({ where: [['a.b', '==', 1]] })).toEqual(['name']);
    expect(await find({ orderBy: { field: 'a.b', direction: 'asc' } })).toEqual(['name']);
  });

  it('finds only those of the ids asked for, and of a single one that is missing nothing', async () => {
    await fill({ a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
    expect(await find({ ids: ['c', 'a', 'x'] })).toEqual(['a', 'c']);
    expect(await find({ ids: ['x'] })).toEqual([]);
  });

  it.each([[[]], [Array.from({ length: 31 }, (_, i) => `n${i}`)], [['a/b']]])(
    'refuses %j as ids before anything is sent',
    async (ids) => {
      await expect(find({ ids })).rejects.toThrow(PermanentError);
    },
  );

  it('stops at the limit', async () => {
    await fill({ a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
    expect(await find({ orderBy: { field: 'n', direction: 'desc' }, limit: 2 })).toEqual(['c', 'b']);
  });

  test.each(['asc', 'desc'] as const)(
    'pages through ties without a gap or a repetition (%s)',
    async (direction) => {
      const at = (i: number) => new Date(Math.floor(i / 4));
      const ids = Array.from({ length: 10 }, (_, i) => `n${i}`);
      await fill(Object.fromEntries(ids.map((id, i) => [id, { at: at(i) }])));
      const orderBy = { field: 'at', direction } as const;
      const seen: string[] = [];
      let after: Query<unknown>['after'];
      for (;;) {
        const page = await find({ orderBy, limit: 3, ...(after && { after }) });
        const last = page.at(-1);
        if (last === undefined) break;
        seen.push(...page);
        after = { value: at(ids.indexOf(last)), id: last };
      }
      expect(seen).toEqual(direction === 'asc' ? ids : ids.toReversed());
    },
  );

  it('pages behind a document that is no longer there, and within a condition', async () => {
    await fill({ a: { s: 'x', n: 1 }, b: { s: 'x', n: 2 }, c: { s: 'y', n: 2 }, d: { s: 'x', n: 2 } });
    const orderBy = { field: 'n', direction: 'asc' } as const;
    expect(await find({ where: [['s', '==', 'x']], orderBy, after: { value: 2, id: 'aa' } })).toEqual([
      'b',
      'd',
    ]);
  });
}
