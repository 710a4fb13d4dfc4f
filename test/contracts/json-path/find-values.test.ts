import { describe, expect, it } from '@jest/globals';
import { findValues } from '../../../shared/contracts/json-path/find-values.ts';
import { JsonPathSchema } from '../../../shared/contracts/suites/json-expectation.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { TooExpensiveError, WorkLimit } from '../../../shared/domain/work-limit.ts';

const find = (value: Json, path: string, limit = new WorkLimit()) => findValues(value, path, limit);

const items = [
  { a: 1, b: 9, c: 3, t: 'tea' },
  { a: 0.5, b: 2, c: 3, t: 'coffee' },
];

describe('what a JSONPath finds', () => {
  it.each<[string, Json, Json[]]>([
    ['$', 1, [1]],
    ['$.a', { a: null }, [null]],
    ['$.a', [1], []],
    ['$.toString', {}, []],
    ["$['a','b']", { a: 1, b: 2 }, [1, 2]],
    ['$[0,-1]', [1, 2, 3], [1, 3]],
    ['$[5]', [1], []],
    ['$[0]', 'text', []],
    ['$.*', { a: 1, b: [2] }, [1, [2]]],
    ['$..a', { a: { a: 1 }, b: [{ a: 2 }] }, [{ a: 1 }, 1, 2]],
    ['$..*', [[1], 2], [[1], 2, 1]],
    ['$[1:3]', [0, 1, 2, 3], [1, 2]],
    ['$[::2]', [0, 1, 2, 3], [0, 2]],
    ['$[::-1]', [0, 1, 2], [2, 1, 0]],
    ['$[-2:]', [0, 1, 2], [1, 2]],
    ['$[3:0:-2]', [0, 1, 2, 3], [3, 1]],
    ['$[::0]', [0, 1], []],
    ['$[?@>1]', { a: 1, b: 2 }, [2]],
    ['$[?@[0]==1]', [[1], [2]], [[1]]],
    ['$[?@.a==@.b]', [{}, { a: 1 }, { a: 1, b: 1 }], [{}, { a: 1, b: 1 }]],
    ['$[?@==$[0]]', [{ x: [1] }, { x: [1] }, { x: [2] }], [{ x: [1] }, { x: [1] }]],
    ['$[?!@.a]', [{ a: null }, {}], [{}]],
    ["$[?@<='b']", ['a', 'b', 'c', 1], ['a', 'b']],
    ['$[?@!=null]', [null, 0], [0]],
    ['$[?length(@)==2]', ['😀a', [1, 2], { x: 1 }, 2], ['😀a', [1, 2]]],
    ['$[?count(@.*)>1]', [[1], [1, 2]], [[1, 2]]],
    ['$[?value(@..x)==1]', [{ x: 1 }, { x: [{ x: 1 }] }], [{ x: 1 }]],
    ["$[?match(@, 'a|bc')]", ['a', 'bc', 'ac', 'abc', 1], ['a', 'bc']],
    ["$[?search(@, 'b.')]", ['abc', 'ab'], ['abc']],
    ['$[?(@.a==1 || @.b==2) && @.c==3]', items, items],
  ])('%s', (path, value, found) => {
    expect(find(value, path)).toEqual(found);
  });

  it('needs all of three conditions that are joined by &&', () => {
    expect(find(items, '$[?@.a==1 && @.b==2 && @.c==3]')).toEqual([]);
    expect(find(items, '$[?@.a==1 && @.b==9 && @.c==3]')).toEqual([items[0]]);
  });

  it.each(['0.5', '0.50', '5e-1', '0.05e1'])('reads %s as a number', (number) => {
    expect(find(items, `$[?@.a==${number}].t`)).toEqual(['coffee']);
    expect(find(['0.5'], `$[?@=='0.5' && 0.0==0]`)).toEqual(['0.5']);
  });
});

describe('a JSONPath', () => {
  it.each([
    ['', 'starts with $'],
    ['a.b', 'starts with $'],
    ['$.', ''],
    ['$[?nope(@.a)]', 'no such function'],
    ['$[?length(@.a)]', 'must be compared'],
    ['$[?match(@.a)]', '2 arguments'],
    ["$[?match(@.a, '(')]", 'RE2 syntax'],
    ["$[?search(@.a, '(?=a)')]", 'RE2 syntax'],
    ["$[?search(@.a, '(?:[ab]{50}){20}.{1000}')]", 'too slow'],
    ['$[?search(@.a, @.b)]', 'in quotes'],
    ['$[?@..a==1]', 'not comparable'],
  ])('is not %s', (path, reason) => {
    const { success, error } = JsonPathSchema.safeParse(path);
    expect({ success, message: error?.issues[0]?.message }).toEqual({
      success: false,
      message: expect.stringContaining(reason),
    });
  });
});

/** A tree of 2^8 leaves in which every map has the keys a and b. */
const tree: Json = Array.from({ length: 8 }).reduce<Json>(
  (below) => ({ a: below, b: below }),
  'a'.repeat(50),
);
const list = Array.from({ length: 1_000 }, (_, n) => ({ n, text: 'ab'.repeat(20) }));

describe('the work of a JSONPath', () => {
  it.each<[string, Json]>([
    ['$..a..b..a', tree],
    ['$..*..*', tree],
    ['$..[?@..[?@..a]]', tree],
    ['$[*,*][*,*][*,*][*,*][*,*][*,*]', tree],
    [`$..["a"${',"a"'.repeat(100)}]`, tree],
    ['$[?@.n==$[999].n]', [...list, ...list]],
    ['$[?@==$[0]]', Array(20).fill(list.map(({ n }) => n)) as Json],
    ['$[?count($..*)>1]', list],
    ["$[?search(@.text, '[ab]{30}c')]", list],
    ['$[::1,::1,::1,::1,::1,::1,::1,::1,::1,::1,::1,::1,::1,::1,::1,::1]', list],
    [`$[?${Array.from({ length: 60 }, () => '1>2').join('||')}]`, list],
    ['$..[?@.a==@.b]', [tree, tree, tree, tree]],
    ['$[?length(@)>$[0].x]', Array.from({ length: 100 }, () => 'a'.repeat(2_000))],
    [
      '$[?length(@)>1]',
      Array.from({ length: 40 }, () => Object.fromEntries(Object.entries('a'.repeat(200)))),
    ],
  ])('ends at its limit for %s', (path, value) => {
    expect(() => find(value, path, new WorkLimit(15_000))).toThrow(TooExpensiveError);
  });

  it('grows with the size of what is searched, and not with its square', () => {
    const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`) as Json;
    const perNode = 10;
    for (const depth of [100, 1_000, 10_000])
      expect(find(nested(depth), '$..a', new WorkLimit(perNode * (depth + 1)))).toHaveLength(depth);
  });
});
