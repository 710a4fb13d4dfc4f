import { describe, expect, it } from '@jest/globals';
import { Redactor } from '../../../shared/adapters/checks/redactor.ts';
import { authorizationOf } from '../../../shared/contracts/suites/authorization.ts';
import { maxDetailLength } from '../../../shared/domain/checks/check-result.ts';

const values = {
  plain: 'correct-horse_battery',
  signs: 'pä"s\\w/o:r&d=+%41 x',
  base64: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83v/+w=',
  lines: 'MIIEpAIBAAKCAQEA7bq\nc0re7Secret9Part+/a\nqrst/uvwxyz==',
  short: 'p&ss1',
} as const;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const json = (text: string) => JSON.stringify({ text, more: 1 });
const query = (text: string) => `https://h/?a=1&text=${encodeURIComponent(text)}&b=2`;
const form = (text: string) => String(new URLSearchParams({ a: '1', text, b: '2' }));
const unicode = (text: string) =>
  `{"text":"${[...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`;
const wrapped = (columns: number, end: string) => (text: string) =>
  text.match(new RegExp(`[^]{1,${columns}}`, 'g'))?.join(end) ?? '';

const encodings: readonly (readonly [string, (text: string) => string])[] = [
  ['as it stands', (text) => `it is ${text} here`],
  [
    'as the password of Basic',
    (text) => authorizationOf({ basic: { user: 'me', password: text } }, new Map()).authorization,
  ],
  ...['', 'u', 'us', 'user:', 'me@example.com:'].flatMap((before): [string, (text: string) => string][] => [
    [`in base64 after "${before}"`, (text) => base64(`${before}${text}`)],
    [`in base64 between "${before}" and more`, (text) => base64(`${before}${text} and more`)],
    [`in base64url after "${before}"`, (text) => base64url(`${before}${text}~~~`)],
  ]),
  ['in a query', query],
  ['in a query in small letters', (text) => query(text).replace(/%../g, (hex) => hex.toLowerCase())],
  ['in a form', form],
  ['in a path', (text) => new URL(`/a/${encodeURIComponent(text)}/b`, 'https://h').href],
  ['in JSON', json],
  ['in JSON in JSON', (text) => json(json(text))],
  ['in JSON with \\/', (text) => json(text).replaceAll('/', '\\/')],
  ['in JSON of ASCII', (text) => json(text).replace(/[^\x20-\x7e]/g, (one) => unicode(one).slice(9, -2))],
  ['in JSON of escapes', unicode],
  ['in a query in JSON', (text) => json(query(text))],
  ['in JSON in a query', (text) => query(json(text))],
  ['in JSON in a form', (text) => form(json(text))],
  ['in JSON in base64', (text) => base64(json(text))],
  ['in a form in base64', (text) => base64url(form(text))],
  ['in base64 in a query', (text) => query(base64(`me:${text}`))],
  ['in base64 in JSON', (text) => json(base64(`me:${text}`)).replaceAll('/', '\\/')],
  ['in HTML', (text) => text.replace(/[&"<>]/g, (one) => `&#${one.charCodeAt(0)};`)],
  ['in XML', (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
];

/** What would give a value away: any five characters of it, decoded or not. */
function leaks(shown: string, value: string, encode: (text: string) => string): string[] {
  const encoded = encode(value);
  const parts = (text: string) => Array.from({ length: text.length - 5 }, (_, n) => text.slice(n, n + 6));
  const harmless = encode('~'.repeat(value.length)) + shown.replace(/\[KEY\]/g, '');
  return parts(encoded).filter((part) => shown.includes(part) && !harmless.includes(part));
}

describe.each(Object.entries(values))('a value (%s)', (_name, value) => {
  const redactor = new Redactor(new Map([['KEY', value]]));

  it.each(encodings)('is taken out %s', (_how, encode) => {
    const encoded = encode(value);
    const shown = redactor.redact(encoded);
    expect(shown).toMatch(/\[(KEY|TOKEN)\]/);
    expect(leaks(shown, value, encode)).toEqual([]);
    for (const text of [shown, decodeLoosely(shown)]) {
      expect(text).not.toContain(value.slice(0, 5));
      expect(text).not.toContain(value.slice(-5));
    }
  });

  const isLong = value.length > 8;
  it.each([
    ['at 76 columns', wrapped(76, '\n')],
    ['at 20 columns with an indent', wrapped(20, '\r\n    ')],
    ['at 3 columns', wrapped(3, '\n ')],
    ['by what nobody sees', wrapped(4, '\u200b')],
  ])('is taken out where a text was wrapped %s', (_how, wrap) => {
    for (const [how, encode] of isLong ? encodings : []) {
      const shown = redactor.redact(wrap(encode(value)));
      expect([how, shown]).toEqual([how, expect.stringMatching(/\[(KEY|TOKEN)\]/)]);
      expect(shown.replace(/\s/g, '')).not.toContain(value.replace(/\s/g, '').slice(4, 12));
    }
  });

  it.each([5, 6, 9])('is taken out where an excerpt ends or begins after %d characters of it', (left) => {
    if (left >= value.length - 1) return;
    const clean = (text: string) => text.replace(/\s/g, '');
    const head = redactor.redact(`it is ${value.slice(0, left)}… and so on`);
    expect(clean(head)).toBe('itis[KEY]…andsoon');
    const tail = redactor.redact(`so …${value.slice(-left)} it was`);
    expect(clean(tail)).toBe('so…[KEY]itwas');
    const cut = redactor.redact(`${'x'.repeat(maxDetailLength)} ${value.slice(0, left)}`);
    expect(clean(cut)).toBe(`${'x'.repeat(maxDetailLength)}[KEY]`);
  });
});

/** As somebody would read it who knows the usual encodings. */
function decodeLoosely(text: string): string {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return plain.replaceAll('\\/', '/').replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}

describe('Redactor', () => {
  it('takes out what of a value is shared with its neighbours in base64', () => {
    const redactor = new Redactor(new Map([['KEY', 'hunter2-and-more']]));
    expect(redactor.redact(base64('a:hunter2-and-more'))).toBe('YT[KEY]');
    expect(redactor.redact(base64('hunter2-and-more'))).toBe('[KEY]==');
    expect(redactor.redact(base64('a:bhunter2-and-more!'))).toBe('YTpi[KEY]E=');
    expect(redactor.redact(base64('a:bchunter2-and-more!'))).toBe('YTpiY[KEY]h');
  });

  it('takes out a value whose base64 has both alphabets, and one with a space in a form', () => {
    const value = '\u00ff\u00fe?>\u00ff\u00fe~\u00ff';
    const redactor = new Redactor(
      new Map([
        ['KEY', value],
        ['SHORT', 'a b+c'],
      ]),
    );
    expect(base64url(value)).toMatch(/_/);
    for (const before of ['', 'a', 'ab'])
      expect(redactor.redact(base64url(before + value))).toMatch(/^\w{0,2}\[KEY\]$/);
    expect(redactor.redact(form('a b+c'))).toBe('a=1&text=[SHORT]&b=2');
  });

  it('leaves alone what only resembles a value', () => {
    const redactor = new Redactor(new Map([['KEY', values.plain]]));
    for (const text of ['the horse is correct', 'correct horse', base64('correct'), 'battery…', 'a…b', ''])
      expect(redactor.redact(text)).toBe(text);
  });

  it('is linear in time, whatever the text', () => {
    const lines = Array.from({ length: 60 }, (_, n) => `${n}${'ab'.repeat(31)}`).join('\n');
    const redactor = new Redactor(new Map([...Object.entries(values), ['LINES', lines]]));
    for (const piece of ['…', 'corr…', 'a', '%41', ' ', 'correct-horse', '…ttery', '\\u0063', '😀'])
      expect(typeof redactor.redact(piece.repeat(Math.ceil(400_000 / piece.length)))).toBe('string');
  });

  it('takes any value', () => {
    for (const odd of ['\ud800\ud800\ud800\ud800', '\0\0\0\0', '    a    ', '%%%%%%%%', '\\u12\\u'])
      if (odd.trim().length >= 4) {
        const redactor = new Redactor(new Map([['KEY', odd]]));
        expect(redactor.redact(`a ${odd} b`)).toBe('a [KEY] b');
        expect(redactor.redact('nothing of it')).toBe('nothing of it');
      }
  });
});
