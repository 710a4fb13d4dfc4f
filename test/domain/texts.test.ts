import { describe, expect, it } from '@jest/globals';
import { describeError, TransientError } from '../../shared/domain/errors.ts';
import { joinHeaders } from '../../shared/domain/join-headers.ts';
import { missingFrom } from '../../shared/domain/missing-from.ts';
import { capText, cutText } from '../../shared/domain/render/cut-text.ts';
import { excerpt, shortened } from '../../shared/domain/render/excerpt.ts';
import { visible, visibleLine } from '../../shared/domain/render/visible.ts';

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

describe('visible', () => {
  const dangers = [
    ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 0x0a),
    ...Array.from({ length: 0x21 }, (_, n) => 0x7f + n),
    ...[0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066],
    ...[0x2069, 0xfeff, 0xfff9, 0xe0001, 0xe0041, 0xe007f, 0x3164, 0x34f],
  ].map((code) => String.fromCodePoint(code));

  it('shows every character that a terminal interprets or a reader does not see', () => {
    for (const danger of [...dangers, '\ud800', '\udc00']) {
      const shown = visible(`a${danger}b`);
      expect(shown).toMatch(/^a(\\u[0-9a-f]{4})+b$/);
      expect(JSON.parse(`"${shown}"`)).toBe(`a${danger}b`);
    }
  });

  it('leaves a line of JSON the same data', () => {
    const data = { text: dangers.join(''), more: ['\n', '"', '\\', 'ä', '😀'] };
    const shown = visible(`${JSON.stringify(data)}\n`);
    expect(JSON.parse(shown)).toEqual(data);
    expect(shown).toMatch(/^[\x20-\x7eä😀]+\n$/u);
  });

  it('leaves what people write', () => {
    const text = 'Zürich — 東京, ❤️ ✓ ✗ … العربية\n';
    expect(visible(text)).toBe(text);
    expect(visibleLine(text)).toBe(`${text.trimEnd()}\\n`);
  });
});

describe('a text from outside', () => {
  it('is without secrets before it is cut: what is left of one may look like none', () => {
    const page = `${'x'.repeat(170)} postgres://app:c0re7Secret9Part-of-it@db/app`;
    expect(excerpt(page)).toBe(`${'x'.repeat(170)} postgres://[SECRET]@db/app`);
    expect(shortened(page, 200)).not.toContain('c0re7');
    expect(missingFrom({ a: page.slice(80) }, { a: 1 }, '$')).not.toContain('c0re7');
  });

  it('is without secrets as the text of an error', () => {
    const error = new TransientError('GET https://me:c0re7Secret@h: token=c0re7Secret');
    expect(describeError(error)).toBe('GET https://[SECRET]@h: token=[SECRET]');
    expect(describeError('password=c0re7Secret')).toBe('password=[SECRET]');
  });
});
