import { describe, expect, it } from '@jest/globals';
import { joinHeaders } from '../../shared/domain/join-headers.ts';
import { capText, cutText } from '../../shared/domain/render/cut-text.ts';

describe('cutText', () => {
  it('marks a cut, and leaves a text alone that fits', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('abc…');
  });

  it('cuts no character in two', () => {
    expect(cutText('ab😀', 3)).toBe('ab…');
  });

  it('counts the mark where all of it has a limit', () => {
    expect(capText('abc', 3)).toBe('abc');
    expect(capText('abcd', 3)).toBe('ab…');
  });
});

describe('joinHeaders', () => {
  it('joins what comes more than once, in whatever form', () => {
    const node = Object.entries({ 'set-cookie': ['a=1', 'b=2'], host: 'x', via: undefined });
    expect(joinHeaders(node)).toEqual({ 'set-cookie': 'a=1, b=2', host: 'x' });
    const web = [
      ...new Headers([
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ]),
    ];
    expect(joinHeaders(web)).toEqual({ 'set-cookie': 'a=1, b=2' });
  });
});
