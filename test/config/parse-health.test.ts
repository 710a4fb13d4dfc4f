import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

describe('what health may ask and expect', () => {
  it.each([
    [
      'a method and headers',
      `health: { method: HEAD, headers: { authorization: Basic x, X-Ask: "\${REVISION}" } }`,
    ],
    ['a class of statuses', 'health: { expect: { status: 2xx } }'],
    ['a list of statuses and classes', 'health: { expect: { status: [200, 204, 3xx] } }'],
    ['a map of JSON', `health: { expect: { json: { version: "\${COMMIT_SHA}" } } }`],
    ['conditions on JSON', 'health: { expect: { json: [{ path: $.status, oneOf: [up, ok] }] } }'],
    ['conditions on text', 'health: { expect: { body: { contains: ok, matches: "^ok" } } }'],
    ['a schema', 'health: { expect: { schema: { type: object } } }'],
    ['warnings', 'health: { warn: { latency: 300ms, json: { cache: up } } }'],
  ])('is %s', (_what, line) => {
    expect(faultLines(configText(line))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['health: { method: POST }', 'health.method', 'write one of GET, HEAD'],
    ['health: { headers: { Host: a } }', 'health.headers.Host', 'the connection itself sets this header'],
    [
      'health: { headers: { x-serverless-authorization: a } }',
      'health.headers.x-serverless-authorization',
      'health.authenticate says when',
    ],
    [
      'health: { headers: { User-Agent: a } }',
      'health.headers.User-Agent',
      'the probe itself sets this header',
    ],
    ['health: { headers: { a: "→" } }', 'health.headers.a', 'one line, of Latin-1'],
    [
      'health: { host: a.example, headers: { X-Forwarded-Host: b } }',
      'health.headers.X-Forwarded-Host',
      'or health.host',
    ],
    [
      'health: { host: a.example, websocket: { path: /, headers: { x-forwarded-host: b } } }',
      'health.websocket.headers.x-forwarded-host',
      'or health.host',
    ],
    ['health: { expect: { status: [2x] } }', 'health.expect.status[0]', 'a class such as 2xx'],
    ['health: { expect: { json: [1] } }', 'health.expect.json[0]', '`- path: $.status` with one of exists'],
    ['health: { expect: { json: [{ ok: 1 }] } }', 'health.expect.json[0].path', 'add `path:`'],
    ['health: { expect: { json: [] } }', 'health.expect.json', 'equals: [] }` for an empty list'],
    ['health: { expect: { json: [{ path: $.a, oneOf: [] }] } }', 'health.expect.json[0].oneOf', 'at least 1'],
    ['health: { expect: { body: { matches: "(?=a)" } } }', 'health.expect.body.matches', 'RE2 syntax'],
    [
      `health: { expect: { json: { a: "\${VERSION}" } } }`,
      'health.expect.json.a',
      `use one of \${COMMIT_SHA}`,
    ],
    [`health: { headers: { a: "\${KEY}" } }`, 'health.headers.a', 'health knows no secrets'],
    [
      `health: { warn: { body: { contains: "\${KEY}" } } }`,
      'health.warn.body.contains',
      'health knows no secrets',
    ],
    [`health: { path: "/\${REVISION}" }`, 'health.path', 'write the value itself'],
    ['health: { via: urls }', 'health.via', 'add the URLs by which its users reach it'],
    [
      'mode: gate\n    urls: ["https://a.example"]\n    health: { via: urls }',
      'health.via',
      'set mode to guard',
    ],
    ['health: { method: HEAD, expect: { json: { a: 1 } } }', 'health.method', 'use GET'],
    ['health: { method: HEAD, expect: { schema: {} } }', 'health.method', 'use GET'],
    ['health: { method: HEAD, expect: { body: { contains: a } } }', 'health.method', 'use GET'],
    ['health: { method: HEAD, warn: { body: { contains: a } } }', 'health.warn', 'use GET'],
    ['health: { method: HEAD, revision: { json: $.a } }', 'health.revision.json', 'health.revision.header'],
  ])('is not %s', (line, key, fix) => {
    const lines = faultLines(configText(line));
    expect(lines.filter((text) => text.includes(`services[0].${key}: `) && text.includes(fix))).toHaveLength(
      1,
    );
  });

  it('has its place where the defaults give it', () => {
    const text = configText('health: { method: HEAD }').replace(
      'services:',
      'defaults: { health: { expect: { json: { a: 1 } } } }\nservices:',
    );
    expect(faultLines(text)).toEqual([expect.stringContaining('f.yaml:7:15 services[0].health.method')]);
  });
});

describe('names of build variables', () => {
  const suite = (check: string, secrets = '{}') =>
    configText(`suites: [{ name: a, kind: http, secrets: ${secrets}, checks: [${check}] }]`);

  it('are known in checks without a declaration', () => {
    const expected = `expect: { status: 2xx, json: { version: "\${COMMIT_SHA}" } }`;
    const check = `{ name: a, path: "/\${REVISION}", headers: { b: "\${BUILD_ID}" }, ${expected} }`;
    expect(faultLines(suite(check))).toEqual([]);
    const config = suite(check).replace('kind: http', 'kind: websocket').replace(`, ${expected}`, '');
    expect(faultLines(config)).toEqual([]);
  });

  it('are no names of secrets and captured values', () => {
    const faults = [
      ...faultLines(suite('{ name: a, path: / }', '{ BUILD_ID: { env: X } }')),
      ...faultLines(suite('{ name: a, path: /, capture: { COMMIT_SHA: { json: $.a } } }')),
      ...faultLines(suite('{ name: a, steps: [{ path: /, capture: { REVISION: { json: $.a } } }] }')),
    ];
    expect(faults).toEqual([
      expect.stringContaining('suites[0].secrets.BUILD_ID: BUILD_ID is the name of a build variable'),
      expect.stringContaining('suites[0].checks[0].capture.COMMIT_SHA: '),
      expect.stringContaining('suites[0].checks[0].steps[0].capture.REVISION: '),
    ]);
  });

  it('are found by commands in their environment', () => {
    const lines = faultLines(
      configText(
        `suites: [{ name: a, kind: command, list: l, run: "r {tests} {results}", env: { V: "\${COMMIT_SHA}" } }]`,
      ),
    );
    expect(lines).toEqual([expect.stringContaining('commands find it as DEPLOY_LOOP_COMMIT_SHA')]);
  });
});

it('a check and a suite may warn', () => {
  const text = configText(
    'suites: [{ name: a, kind: http, severity: warn, checks: [{ name: a, path: /, severity: fail }] }]',
  );
  expect(parseConfig(text, 'f.yaml').config.services[0]?.suites[0]).toMatchObject({
    severity: 'warn',
    checks: [{ severity: 'fail' }],
  });
});
