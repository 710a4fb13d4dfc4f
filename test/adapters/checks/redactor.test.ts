import { describe, expect, it } from '@jest/globals';
import { Redactor } from '../../../shared/adapters/checks/redactor.ts';
import { maxDetailLength } from '../../../shared/domain/checks/check-result.ts';
import { excerpt } from '../../../shared/domain/render/excerpt.ts';

const redactor = new Redactor(new Map([['API_KEY', 'hunter2-and-more']]));

describe('Redactor', () => {
  it.each(Array.from({ length: 13 }, (_, n) => n + 4))(
    'takes out what an excerpt has left of a value: %d characters',
    (left) => {
      const body = `${'x'.repeat(200 - left)}hunter2-and-more and so on`;
      const shown = redactor.redact(`it is ${excerpt(body)}, expected 2xx`);
      expect(shown).not.toContain('hunt');
      expect(shown).toMatch(/x\[API_KEY\]…, expected 2xx$/);
    },
  );

  it('takes out what the end of a long text has left of a value', () => {
    const detail = `${'x'.repeat(maxDetailLength - 9)}hunter2-and-more`.slice(0, maxDetailLength);
    expect(redactor.redact(detail)).toMatch(/x\[API_KEY\]$/);
  });

  it.each(['eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl', 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOi'])(
    'takes out the token %s, whoever it was for',
    (token) => {
      expect(redactor.redact(`it is {"authorization":"Bearer ${token}"}`)).toBe(
        'it is {"authorization":"Bearer [TOKEN]"}',
      );
    },
  );

  it.each([
    ['is a token of five parts', 'eyJhbGciOiJSUzI1NiJ9.a.b.c.d-secret'],
    ['begins before a token', 'prefix-eyJhbGciOiJSUzI1NiJ9.a.b'],
    ['goes on after a token', 'eyJhbGciOiJSUzI1NiJ9.a.b/more+=='],
    ['has the characters of patterns', '^a.*(b|c)[d]{2}$\\'],
  ])('takes out all of a value that %s', (_what, value) => {
    const shown = new Redactor(new Map([['KEY', value]])).redact(`it is "${value}"`);
    expect(shown).toMatch(/^it is "\[(KEY|TOKEN)\]"$/);
  });

  it('takes out a token wherever it begins', () => {
    expect(redactor.redact('it is {%22token%22:%22eyJhbGciOiJkaXIi.aXY.Y2lwaGVy.dGFn%22}')).toBe(
      'it is {%22token%22:%22[TOKEN]%22}',
    );
  });

  it('takes out all of a token that holds a value', () => {
    const shown = new Redactor(new Map([['KEY', 'OiJS']])).redact('it is eyJhbGciOiJSUzI1NiJ9.a.b');
    expect(shown).toBe('it is [TOKEN]');
  });

  it('leaves the end of a text alone that was not cut', () => {
    expect(redactor.redact('a duck hunt')).toBe('a duck hunt');
  });
});
