import { describe, expect, it } from '@jest/globals';
import { hideSecrets } from '../../../shared/domain/redaction/hide-secrets.ts';

/** Part of every secret below. Split, so that no scanner of repositories takes these for real. */
const core = 'c0re7Secret9Part';
const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIi${core}.c2ln_bmF0`;
const pem = (kind: string) =>
  `-----BEGIN ${kind}-----\nMIIEpAIBAAKCAQEA\n${core}+/abc==\n-----END ${kind}-----`;
const folded = (text: string, columns: number, end: string) =>
  text.match(new RegExp(`[^]{1,${columns}}`, 'g'))?.join(end) ?? '';

const tokens = [
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) => `${kind}_${core}00000000000000000000`),
  `github_pat_11AAAAAAA0_${core}`,
  `AIzaSyA${core}0123456789ab`,
  `ya29.a0AfH6_${core}`,
  `1//0gAbCdEfGh${core}`,
  `GOCSPX-${core}`,
  `xoxb-1234567890-${core}`,
  `AKIA${core.toUpperCase()}`,
  `npm_${core}01234567890123456789`,
  `glpat-${core}0000`,
  `sk_${'live'}_${core}`,
  `sk-ant-api03-${core}`,
  `https://hooks.slack.com/services/T0/B0/${core}`,
  jwt,
];

describe('a secret of a well-known shape', () => {
  it.each(tokens)('is not shown: %s', (token) => {
    const shown = hideSecrets(`it was ${token}, and so on`);
    expect(shown.toLowerCase()).not.toContain(core.toLowerCase());
    expect(shown).toMatch(/^it was .*\[TOKEN\], and so on$/);
  });

  it.each(['RSA PRIVATE KEY', 'PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'])(
    'is not shown: a %s',
    (kind) => {
      const key = pem(kind);
      expect(hideSecrets(`key: ${key}\nend`)).toBe('key: [PRIVATE KEY]\nend');
      expect(hideSecrets(JSON.stringify({ a: key }))).toBe('{"a":"[PRIVATE KEY]"}');
      expect(hideSecrets(JSON.stringify(JSON.stringify({ a: key })))).not.toContain(core);
      expect(hideSecrets(key.replaceAll('\n', ' '))).toBe('[PRIVATE KEY]');
      expect(hideSecrets(key.replaceAll('\n', '\r\n    '))).toBe('[PRIVATE KEY]');
      expect(hideSecrets(encodeURIComponent(key))).toBe('[PRIVATE KEY]');
      expect(hideSecrets(key.slice(0, -20))).not.toContain(core);
      expect(hideSecrets(`…${key.slice(20)}`)).not.toContain(core);
    },
  );

  it.each([
    `password=${core}`,
    `passwd: ${core}`,
    `DB_PASSWORD='${core} and more'`,
    `secret=${core}&next=1`,
    `token=${core}`,
    `api_key: "${core}"`,
    `"apiKey" : "${core}"`,
    `x-api-key: ${core}`,
    `{"client_secret":"a\\"${core}"}`,
    `{'refresh_token': b'${core}'}`,
    `:password=>"${core}"`,
    `$config['password'] = '${core}';`,
    `--password ${core}`,
    `<password>${core}</password>`,
    `aws_secret_access_key = ${core}/abc+d`,
    `DefaultEndpointsProtocol=https;AccountKey=${core}==;x=1`,
    `https://h/o?X-Goog-Signature=${core}`,
    `Authorization: Bearer ${core}`,
    `authorization: Basic ${core}`,
    `Proxy-Authorization: ${core};`,
    `Authorization: Digest username="a", response="${core}"`,
    `Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=${core}`,
    `["authorization","Token ${core}"]`,
    `authorization: [ 'Bearer ${core}' ]`,
    `Cookie: a=b; sid=${core}`,
    `set-cookie: sid=${core}; Path=/; HttpOnly`,
    `Set-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure, sid=${core}`,
    `'set-cookie': [ 'a="${core}"; Secure' ]`,
    `curl -H 'Authorization: Bearer ${core}0000'`,
    `postgres://user:${core}@db:5432/app`,
    `redis://:${core}@cache`,
    `amqps://user:p@${core}@mq`,
    `Basic ${Buffer.from(`user:${core}`).toString('base64')}`,
  ])('is not shown, and what names it is: %s', (text) => {
    const shown = hideSecrets(`before ${text} after`);
    expect(shown).not.toContain(core);
    expect(shown).not.toContain(Buffer.from(core).toString('base64').slice(4, 16));
    expect(shown).toMatch(/^before .*(\[SECRET\]|\[TOKEN\]).* ?after$/);
    for (const encode of [
      encodeURIComponent,
      (plain: string) => encodeURIComponent(plain).toLowerCase(),
      (plain: string) => JSON.stringify({ plain }),
      (plain: string) => JSON.stringify({ plain: JSON.stringify({ plain }) }),
      (plain: string) => encodeURIComponent(JSON.stringify({ plain })),
      (plain: string) => plain.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    ])
      expect(hideSecrets(encode(text)).toLowerCase()).not.toContain(core.toLowerCase());
  });

  it('is not shown where a log was wrapped', () => {
    const wide = `authorization: Bearer ${jwt.replace('.', `${'Q0'.repeat(90)}.`)} more`;
    expect(hideSecrets(folded(wide, 76, '\n'))).toBe('authorization: Bearer [TOKEN] more');
    expect(hideSecrets(folded(wide, 76, '\r\n\t'))).toBe('authorization: Bearer [TOKEN] more');
    expect(hideSecrets(`${' '.repeat(60)} ghp_${core}\n00000000000000000000 more`)).toMatch(
      /^ +\[TOKEN\] more$/,
    );
  });

  it('ends with its line where nothing was wrapped', () => {
    const line = `${'a long line '.repeat(8)} ${jwt}`;
    expect(hideSecrets(`${line}\nNext line of it`)).toMatch(/ \[TOKEN\]\nNext line of it$/);
  });

  it.each(['ghp_', 'github_pat_', 'AIza', 'ya29.', 'eyJhbGciOi', 'sk_live_'])(
    'is not shown where an excerpt ends in it: %s',
    (prefix) => {
      expect(hideSecrets(`it is ${prefix}c0re7S…, expected 2xx`)).toBe('it is [TOKEN]…, expected 2xx');
    },
  );
});

describe('what is no secret', () => {
  it.each([
    '550e8400-e29b-41d4-a716-446655440000',
    '2da98dc0f5e2c1a4b3d2c1a0f9e8d7c6b5a4f3e2',
    'europe-docker.pkg.dev/acme/web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    "password='[API_KEY]' token=[TOKEN]",
    'GET /api/token: HTTP 503, expected 2xx',
    'GET /login/password: $.user.id is 7, expected 8',
    'login resets its password: HTTP 500, expected 2xx: no',
    'check "forgot password": HTTP 500, expected 2xx',
    'tests/test_token.py::TestToken::test_secret: failed',
    'europe-docker.pkg.dev/acme/secret:latest',
    'token expired',
    'token: expired',
    'the token is missing',
    'password must have 8 characters',
    'password: must have 8 characters',
    '{"password":["is too short"],"token":null}',
    'Unexpected token } in JSON at position 4',
    'SyntaxError: Unexpected token: )',
    'Bearer token expired',
    'Basic authentication required',
    'Authorization: header is missing',
    'no ID token for https://web-1.a.run.app is available',
    'secret API_KEY has fewer than 4 characters, and cannot be redacted',
    'projects/acme/secrets/web/versions/latest: NOT_FOUND: no version',
    'http://127.0.0.1:8080/a?email=ada@example.com',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'pass: 12, fail: 3, tokens: 512',
    'test_login passes keys, cookies and secrets on',
    'eyJhIjoxfQ is {"a":1} in base64',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in a config
    'password=${PASSWORD} token="***"',
    'AKIAS-like prefixes, ghp_ and npm_config_registry',
    '%E0%A4%A and \\u12 and &#; and \\',
  ])('is left alone: %s', (text) => {
    expect(hideSecrets(text)).toBe(text);
  });

  it('is the mark of an earlier redaction', () => {
    for (const text of [...tokens, `password=${core}`, `a[token=${core}] failed`, `Cookie: a=${core}`]) {
      const once = hideSecrets(`it was ${text}, and`);
      expect(hideSecrets(once)).toBe(once);
    }
  });
});

describe('hideSecrets', () => {
  it.each(['\ud800', '\udc00\ud800', '\0', '\\', '%', '&#99999999;', '\\ud83d', '%ff%fe', '\u2028', ''])(
    'takes any text: %j',
    (odd) => {
      expect(hideSecrets(`a${odd}b`)).toBe(`a${odd}b`);
      expect(hideSecrets(`password=${core}${odd}`)).not.toContain(core);
    },
  );

  // A pattern that is not linear does not end here.
  it.each([
    ...['eyJ', 'eyJa.', '://', '://a:', 'password=', 'password="', '%41', '\\u0041', '\\', '\\\\"', 'ghp_'],
    ...['a', 'A', ' ', '\n', '-', '--', '…', '&amp;', 'cookie=a;', 'Authorization: a ', 'authorization=a,b='],
    ...['Bearer ', 'Basic a', '<password>', '<password', '--token ', '1//0', 'MIIE\n', 'session-key-', '😀'],
    ...['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\na: b\n'],
    ...[`${'a'.repeat(70)}\n`, `eyJ${'a'.repeat(70)}\n`, `password=${'a'.repeat(70)}\n`, '[', ')', '"', "'"],
  ])('is linear in time: %j', (piece) => {
    expect(typeof hideSecrets(piece.repeat(Math.ceil(400_000 / piece.length)))).toBe('string');
  });
});
