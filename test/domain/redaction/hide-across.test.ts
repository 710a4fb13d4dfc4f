import { describe, expect, it } from '@jest/globals';
import { hideAcross } from '../../../shared/domain/redaction/hide-across.ts';

/** Part of every secret below, in two halves. Split, so that no scanner of repositories takes these for real. */
const head = 'c0re7Secr';
const tail = 'et9PartZq4';
const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIi${head}${tail}AAAAAAAAAAAAAAAA.c2ln_bmF0dXJlMDEyMzQ1Njc4`;
const key = (kind: string) => [
  `-----BEGIN ${kind}-----`,
  `MIIEpAIBAAKCAQEA${head}MIIEpAIBAAKCAQEA`,
  `${tail}QEAu5/xyz+abc==`,
  `-----END ${kind}-----`,
];

describe('a secret that goes on from one text to the next', () => {
  it.each([
    ['a private key, line by line', key('PRIVATE KEY')],
    ['a private key of RSA, line by line', ['key:', ...key('RSA PRIVATE KEY'), 'done']],
    [
      'a private key, two lines in each',
      [key('PRIVATE KEY').slice(0, 2).join('\n'), key('PRIVATE KEY').slice(2).join('\n')],
    ],
    ['a JWT, cut in its middle', [`sent ${jwt.slice(0, 38)}`, `${jwt.slice(38)} and so on`]],
    ['a JWT, cut twice', [`sent ${jwt.slice(0, 38)}`, jwt.slice(38, 60), `${jwt.slice(60)}`]],
    [
      'a JWT, cut before its signature',
      [jwt.slice(0, jwt.lastIndexOf('.')), jwt.slice(jwt.lastIndexOf('.'))],
    ],
    ['a token with a prefix', [`ghp_${head}`, `${tail}00000000000000000`]],
    ['a whole token, after a word', ['deployed', `ghp_${head}${tail}00000000000000000`]],
    ['a value after its name', ['DB_PASSWORD=', `${head}${tail}`]],
    ['a value of several words after its name', ['password="', `${head} ${tail}", more`]],
    ['a value after its name in JSON', ['{"user":"ada","password": "', `${head}${tail}","port":1}`]],
    ['a value, cut in its middle', [`password=${head}`, `${tail}`]],
    ['a text of YAML', ['password: |', `  ${head}${tail}`]],
    ['credentials in a URL', [`postgres://user:${head}`, `${tail}0000000000@db:5432/app`]],
  ])('is not shown: %s', (_how, texts) => {
    const shown = hideAcross(texts);
    expect(shown).toHaveLength(texts.length);
    expect(shown.join('|')).not.toMatch(new RegExp(`${head}|${tail}`));
  });

  it('leaves what stands around it', () => {
    const texts = [
      'before',
      'DB_PASSWORD=',
      `${head}${tail}`,
      "KeyError: 'QUEUE_URL'",
      ...key('PRIVATE KEY'),
      'after',
    ];
    const shown = hideAcross(texts);
    expect(shown.slice(0, 4)).toEqual(['before', 'DB_PASSWORD=', '[SECRET]', "KeyError: 'QUEUE_URL'"]);
    expect(shown.at(-1)).toBe('after');
  });
});

describe('hideAcross', () => {
  it.each([
    [
      [
        'could not refresh the token:',
        'Traceback (most recent call last):',
        '  File "/app/a.py", line 3, in f',
      ],
    ],
    [['DEBUG=', 'Starting', 'x = 1', 'ValueError']],
    [['', '', 'a', '']],
    [[]],
  ])('leaves alone what is no secret: %j', (texts) => {
    expect(hideAcross(texts)).toEqual(texts);
  });

  it('leaves the line after a secret alone', () => {
    const texts = ['connecting with password=hunter2!', 'Traceback (most recent call last):'];
    expect(hideAcross(texts)).toEqual(['connecting with password=[SECRET]', texts[1]]);
  });

  // One that is not near-linear does not end here.
  it.each(['-----BEGIN PRIVATE KEY-----', 'password=', 'eyJhbGciOi', 'a'.repeat(30), 'x: "', 'a b'])(
    'is near-linear in the number of texts: %j',
    (text) => {
      expect(hideAcross(Array.from({ length: 20_000 }, () => text))).toHaveLength(20_000);
    },
  );
});
