import { describe, expect, it } from '@jest/globals';
import { partsOf } from '../../shared/domain/parts-of.ts';

describe('partsOf', () => {
  const cut = (list: readonly string[], limits: { bytes: number; items?: number }) =>
    partsOf(list, (item) => item, limits);

  it.each([
    ['nothing', [], []],
    ['what fits', ['aa', 'bb'], [['aa', 'bb']]],
    ['what is over by one byte', ['aa', 'bb', 'c'], [['aa', 'bb'], ['c']]],
    ['what is over by itself', ['a', 'bbbbbb', 'c'], [['a'], ['bbbbbb'], ['c']]],
    ['what has more bytes than characters', ['ää', 'b'], [['ää'], ['b']]],
  ])('cuts %s', (_, list, parts) => {
    expect(cut(list, { bytes: 4 })).toEqual(parts);
  });

  it('counts items, too', () => {
    expect(cut(['a', 'b', 'c'], { bytes: 4, items: 2 })).toEqual([['a', 'b'], ['c']]);
  });
});
