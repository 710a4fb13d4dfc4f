import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../shared/config/config-error.ts';
import { parseConfig } from '../../../shared/config/parse-config.ts';

const place = { name: 'web', project: 'acme-staging', region: 'us-central1' };

/** The faults of a suite with these checks, each as its path and its mend. */
function faultsOf(checks: readonly unknown[], secrets: object = {}): readonly string[] {
  const suites = [{ name: 'api', kind: 'http', secrets, checks }];
  try {
    parseConfig(JSON.stringify({ version: 1, services: [{ ...place, suites }] }), 'deploy-loop.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(
      ({ path, message, fix }) => `${path.replace('services[0].suites[0].', '')}: ${message} — ${fix}`,
    );
  }
}

describe('HTTP checks in the config', () => {
  it.each<[string, object]>([
    ['one request', { name: 'a', path: '/' }],
    [
      'a name of ten thousand characters, with lines and slashes',
      { name: `a\n/${'x'.repeat(9_000)}`, path: '/' },
    ],
    [
      'steps',
      { name: 'a', steps: [{ path: '/a', capture: { ID: { json: '$.id' } } }, { path: `/b/\${ID}` }] },
    ],
    ['a secret', { name: 'a', path: '/', headers: { 'x-key': `\${KEY}` } }],
  ])('may have %s', (_what, check) => {
    expect(faultsOf([check], { KEY: { env: 'KEY' } })).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    ['neither path nor steps', { name: 'a' }, 'checks[0]', 'either path or steps'],
    ['path and steps', { name: 'a', path: '/', steps: [{ path: '/' }] }, 'checks[0]', 'either path or steps'],
    ['a path to another host', { name: 'a', path: '//evil.example' }, 'checks[0].path', 'one slash'],
    [
      'a path to another host, by a backslash',
      { name: 'a', path: '/\\evil.example' },
      'checks[0].path',
      'one slash',
    ],
    ['a URL for a path', { name: 'a', path: 'https://evil.example/' }, 'checks[0].path', 'one slash'],
    ['a query in the path', { name: 'a', path: '/a?b=c' }, 'checks[0].path', 'use query'],
    ['a value that nobody declares', { name: 'a', path: `/\${ID}` }, 'checks[0].path', 'declare ID'],
    [
      'a value that a later step captures',
      { name: 'a', steps: [{ path: `/\${ID}` }, { path: '/', capture: { ID: { json: '$.id' } } }] },
      'checks[0].steps[0].path',
      'declare ID',
    ],
    [
      'an undeclared value deep in a body',
      { name: 'a', path: '/', json: { a: [{ b: `\${ID}` }] } },
      'checks[0].json.a[0].b',
      'declare ID',
    ],
    [
      'two bodies',
      { name: 'a', path: '/', json: {}, body: 'x' },
      'checks[0]',
      'only one of json, form and body',
    ],
    [
      'a broken JSONPath',
      { name: 'a', path: '/', expect: { json: [{ path: '$..[', exists: true }] } },
      'checks[0].expect.json[0].path',
      'RFC 9535',
    ],
    [
      'a JSONPath without a wish',
      { name: 'a', path: '/', expect: { json: [{ path: '$.a' }] } },
      'checks[0].expect.json[0]',
      'one of exists',
    ],
    [
      'a broken pattern',
      { name: 'a', path: '/', expect: { body: { matches: '(' } } },
      'checks[0].expect.body.matches',
      'RE2',
    ],
    [
      'a pattern with a look-ahead',
      { name: 'a', path: '/', expect: { body: { matches: '(?=a)' } } },
      'checks[0].expect.body.matches',
      'RE2',
    ],
    [
      'a broken JSON Schema',
      { name: 'a', path: '/', expect: { schema: { type: 'objekt' } } },
      'checks[0].expect.schema',
      'type',
    ],
    [
      'a JSON Schema that refers elsewhere',
      { name: 'a', path: '/', expect: { schema: { $ref: 'https://evil.example/s' } } },
      'checks[0].expect.schema',
      'evil.example',
    ],
    [
      'a header of two lines',
      { name: 'a', path: '/', headers: { a: 'b\r\nc: d' } },
      'checks[0].headers.a',
      'one line',
    ],
    ...['Host', 'connection', 'TE', 'Transfer-Encoding', 'Proxy-Authorization', 'HTTP2-Settings'].map(
      (name): [string, object, string, string] => [
        `the header ${name}`,
        { name: 'a', steps: [{ path: '/', headers: { [name]: 'a' } }] },
        `checks[0].steps[0].headers.${name}`,
        'remove it: the connection itself sets this header',
      ],
    ),
    [
      'a header for the metadata server',
      { name: 'a', path: '/', headers: { 'metadata-flavor': 'Google' } },
      'checks[0].headers.metadata-flavor',
      "Google's metadata server",
    ],
    [
      "the guard's own header",
      { name: 'a', path: '/', headers: { 'X-Deploy-Loop-Run': 'a' } },
      'checks[0].headers.X-Deploy-Loop-Run',
      'Deploy Loop itself sets',
    ],
    [
      'a pseudo-header',
      { name: 'a', path: '/', headers: { ':authority': 'a' } },
      'checks[0].headers[":authority"]',
      'not an HTTP header name',
    ],
    [
      'one header twice',
      { name: 'a', path: '/', headers: { 'X-A': 'a', 'x-a': 'b' } },
      'checks[0].headers.x-a',
      'X-A is the same header',
    ],
    [
      'a header of other characters',
      { name: 'a', path: '/', headers: { a: '→' } },
      'checks[0].headers.a',
      'Latin-1',
    ],
    [
      'a token of two lines',
      { name: 'a', path: '/', auth: { bearer: 'a\n' } },
      'checks[0].auth.bearer',
      'one line',
    ],
    [
      'a slip',
      { name: 'a', path: '/', expect: { stauts: 200 } },
      'checks[0].expect.stauts',
      'did you mean status',
    ],
  ])('may not have %s', (_what, check, path, fix) => {
    const faults = faultsOf([check]);
    expect(faults.find((fault) => fault.startsWith(`${path}: `))).toContain(fix);
  });

  it('may not have one name twice', () => {
    expect(
      faultsOf([
        { name: 'a', path: '/' },
        { name: 'a', path: '/b' },
      ]),
    ).toEqual([
      expect.stringContaining('checks[1].name: "a" is not accepted — give each check a unique name'),
    ]);
  });
});
