import { describe, expect, it } from '@jest/globals';
import { fillIn, referencesIn } from '../../../shared/contracts/suites/references.ts';

describe('references', () => {
  it('are found and filled in, also where one has no end', () => {
    const text = '$' + '{A}/$' + '{B}}$' + '{C';
    expect(referencesIn([text])).toEqual([
      { name: 'A', path: [0] },
      { name: 'B', path: [0] },
    ]);
    expect(
      fillIn(
        text,
        new Map([
          ['A', 'a'],
          ['B', 'b'],
        ]),
      ),
    ).toBe('a/b}$' + '{C');
  });

  // Quadratic work does not end here.
  it('are looked for in linear time', () => {
    const text = '${'.repeat(1_000_000);
    expect(referencesIn(text)).toEqual([]);
    expect(fillIn(text, new Map())).toBe(text);
  });
});
