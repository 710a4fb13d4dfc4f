import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { HttpCheckRunner } from '../../../../shared/adapters/checks/http/http-check-runner.ts';
import { ComposedSecrets } from '../../../../shared/adapters/checks/secrets/composed-secrets.ts';
import { SystemClock } from '../../../../shared/adapters/system-clock.ts';
import type { KnownBuild } from '../../../../shared/contracts/expectations/build-variables.ts';
import { HttpSuiteSchema } from '../../../../shared/contracts/suites/http-suite.ts';
import type { CheckResult } from '../../../../shared/domain/checks/check-result.ts';
import type { BuildId, RevisionName, RunId } from '../../../../shared/domain/ids.ts';
import { ProberBench } from '../../http/prober-bench.ts';

const runId = '0123456789abcdef0123' as RunId;
const environment = { API_KEY: 'hunter2-and-more', SHORT: 'abc' };

/** Runs checks against one server. */
async function run(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  checks: readonly Readonly<Record<string, unknown>>[],
  options: {
    readonly secrets?: object;
    readonly timeout?: string;
    readonly signal?: AbortSignal;
    readonly build?: KnownBuild | undefined;
  } = {},
): Promise<readonly CheckResult[]> {
  await using bench = new ProberBench();
  const pair = await bench.http((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => answer(request, response, body));
  });
  const prober = bench.prober({ allowedLocalAddresses: [pair] });
  const secrets = new ComposedSecrets(environment, async (name) => `value of ${name}`);
  const runner = new HttpCheckRunner({ prober, secrets, clock: new SystemClock() });
  const { secrets: sources = {}, timeout = '2s', signal = new AbortController().signal, build } = options;
  const suite = HttpSuiteSchema.parse({ name: 'api', kind: 'http', timeout, secrets: sources, checks });
  const url = `http://${pair}`;
  const target = {
    runId,
    revision: 'web-2' as RevisionName,
    build,
    url,
    authenticate: 'never' as const,
    audience: url,
    edges: [],
  };
  const results: CheckResult[] = [];
  const ids = (await runner.collect(suite)).checks.map(({ id }) => id);
  await runner.run({ suite, ids, target, attempt: 1 }, (result) => results.push(result), signal);
  return results;
}

const json =
  (value: unknown, status = 200, headers = {}) =>
  (_: unknown, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

const page = { user: { id: 7, name: 'Ada', tags: ['a', 'b'] }, items: [{ id: 1 }, { id: 2 }] };
const schema = { type: 'object', required: ['user'], properties: { user: { type: 'object' } } };

describe('an HTTP check', () => {
  it.each<[string, object]>([
    ['any status from 200 to 299', {}],
    ['one of several statuses', { status: [201, 200] }],
    ['a class of statuses', { status: ['2xx', 404] }],
    ['one of some values', { json: [{ path: '$.user.name', oneOf: ['Bob', 'Ada'] }] }],
    ['what the body contains', { json: { user: { id: 7 } } }],
    ['a header, without case', { headers: { 'Content-Type': 'APPLICATION/json' } }],
    ['a value at a JSONPath', { json: [{ path: '$.user.id', equals: 7 }] }],
    ['one value of many', { json: [{ path: '$.items[*].id', equals: 2 }] }],
    ['a part of a map', { json: [{ path: '$.user', contains: { name: 'Ada' } }] }],
    ['a text that matches', { json: [{ path: '$.user.name', matches: '^A.a$' }] }],
    ['something that is there', { json: [{ path: '$.user.tags[1]', exists: true }] }],
    ['something that is not there', { json: [{ path: '$.error', exists: false }] }],
    ['a JSON Schema', { schema }],
    ['a text in the body', { body: { contains: '"Ada"', matches: 'items.*id' } }],
    ['an answer in time', { latency: '1s' }],
  ])('passes with %s', async (_what, expected) => {
    const [result] = await run(json(page), [{ name: 'a', path: '/', expect: expected }]);
    expect(result).toMatchObject({ id: 'a', outcome: 'passed', requests: 1 });
    expect(result?.latencyMs).toBeGreaterThan(0);
    expect(result?.durationMs).toBeGreaterThan(0);
  });

  it.each<[string, object, string]>([
    ['a status', { status: 201 }, 'HTTP 200, expected 201: {"user"'],
    ['a missing header', { headers: { 'x-app': 'shop' } }, 'header x-app is missing'],
    [
      'a header',
      { headers: { 'content-type': 'text/html' } },
      'header content-type is application/json, expected text/html',
    ],
    ['a value', { json: [{ path: '$.user.id', equals: 8 }] }, '$.user.id is 7, expected 8'],
    [
      'a value of the wrong type',
      { json: [{ path: '$.user.id', equals: '7' }] },
      '$.user.id is 7, expected "7"',
    ],
    ['a map with more keys', { json: [{ path: '$.user', equals: { id: 7 } }] }, '$.user is {"id":7'],
    [
      'many values',
      { json: [{ path: '$.items[*].id', equals: 3 }] },
      '$.items[*].id is 1 and 1 more, expected 3',
    ],
    ['nothing at a path', { json: [{ path: '$.none', equals: 1 }] }, '$.none finds nothing'],
    [
      'something that should not be there',
      { json: [{ path: '$.user.id', exists: false }] },
      '$.user.id finds 7, expected nothing',
    ],
    [
      'a part',
      { json: [{ path: '$.user', contains: { name: 'Bob' } }] },
      '$.user.name is "Ada", expected "Bob"',
    ],
    [
      'a text',
      { json: [{ path: '$.user.name', matches: '^B' }] },
      '$.user.name is "Ada", which does not match ^B',
    ],
    [
      'a schema',
      { schema: { required: ['missing'] } },
      "the body does not match its schema: it must have required property 'missing'",
    ],
    ['a text in the body', { body: { contains: 'Bob' } }, 'the body does not contain Bob: it is {"user"'],
    ['a pattern in the body', { body: { matches: '^x' } }, 'the body does not match ^x'],
  ])('fails on %s, and says what it found', async (_what, expected, detail) => {
    const [result] = await run(json(page), [{ name: 'a', path: '/p', expect: expected }]);
    expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(`GET /p: ${detail}`) });
    expect(result).not.toHaveProperty('signature');
  });

  it('fails on a slow answer', async () => {
    const slow = (_: unknown, response: ServerResponse) => setTimeout(() => response.end(), 30);
    const [result] = await run(slow, [{ name: 'a', path: '/', expect: { latency: '1ms' } }]);
    expect(result).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/\d+ ms, expected at most 1 ms/),
    });
  });

  it.each([500, 503])('has a signature when the answer is %d', async (status) => {
    const [result] = await run(json({}, status), [{ name: 'a', path: '/' }]);
    expect(result).toMatchObject({ outcome: 'failed', signature: `http-${status}` });
  });

  it('fails when nothing comes in time, and when the connection is cut', async () => {
    const [hanging] = await run(() => {}, [{ name: 'a', path: '/' }], { timeout: '50ms' });
    expect(hanging).toMatchObject({ outcome: 'failed', signature: 'timeout' });
    const [cut] = await run((request) => request.socket.destroy(), [{ name: 'a', path: '/' }]);
    expect(cut).toMatchObject({ outcome: 'failed', signature: 'refused' });
  });

  it.each([400, 401, 403, 404, 409, 422, 429])(
    'fails when the application itself answers %d, without a signature',
    async (status) => {
      const [result] = await run(json({ detail: 'no' }, status), [{ name: 'a', path: '/' }]);
      expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(`HTTP ${status}`) });
      expect(result).not.toHaveProperty('signature');
    },
  );

  it.each<[string, number, object, string]>([
    ['breaks off', 200, { 'content-length': 500 }, '{"status":"ok"'],
    ['breaks off between two chunks', 200, {}, '{"status":"ok"'],
    ['is no gzip although it says so', 200, { 'content-encoding': 'gzip' }, '{"status":"ok"}'],
    ['is no brotli although it says so', 200, { 'content-encoding': 'br' }, '{"status":"ok"}'],
    ['breaks off, with an error', 500, { 'content-length': 500 }, '{"detail"'],
    ['breaks off, with a refusal', 403, { 'content-length': 500 }, '{"detail"'],
  ])('fails when the body of an answer %s', async (_what, status, headers, body) => {
    const [result] = await run(
      (request, response) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).write(body);
        setTimeout(() => request.socket.destroy(), 20);
      },
      [{ name: 'a', path: '/' }],
    );
    expect(result).toMatchObject({ outcome: 'failed' });
  });

  it('fails when it is led elsewhere, and does not follow', async () => {
    let asked = 0;
    const [result] = await run(
      (_request, response) => {
        asked++;
        response.writeHead(302, { location: '/login' }).end();
      },
      [{ name: 'a', path: '/' }],
    );
    expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('HTTP 302') });
    expect(asked).toBe(1);
  });

  it.each([
    { path: '$.status', equals: 'ok' },
    { path: '$.status', contains: { a: 1 } },
    { path: '$.status', matches: '^ok$' },
    { path: '$..none', exists: true },
  ])('fails when what it looks at is nested thousands deep: %j', async (expectation) => {
    const deep = `{"status":${'['.repeat(6_000)}${']'.repeat(6_000)}}`;
    const nested = (_: unknown, response: ServerResponse) => response.end(deep);
    const [result] = await run(nested, [{ name: 'a', path: '/', expect: { json: [expectation] } }]);
    expect(result).toMatchObject({ outcome: 'failed' });
  });

  it('is errored when the platform had no instance free: no fault of the revision', async () => {
    const [result] = await run(json('Rate exceeded.', 429), [{ name: 'a', path: '/' }]);
    expect(result).toMatchObject({ outcome: 'errored' });
  });

  it.each<[number, string]>([
    [404, 'The requested URL was not found on this server.'],
    [403, 'Your client does not have permission to get URL <code>/</code> from this server.'],
    [401, 'Your client does not have permission to the requested URL <code>/</code>.'],
    [429, 'The request was aborted because there was no available instance.'],
    [503, 'The request was aborted because there was no available instance.'],
  ])('is errored when the platform itself answers %d, expected or not', async (status, text) => {
    const answer = (_: unknown, response: ServerResponse) => response.writeHead(status).end(text);
    for (const expected of [{ status }, {}]) {
      const [result] = await run(answer, [{ name: 'a', path: '/', expect: expected }]);
      expect(result).toMatchObject({ outcome: 'errored' });
    }
  });

  it.each([401, 403, 404, 429, 503])('passes with an expected %d of the application', async (status) => {
    const [result] = await run(json({ error: 'no' }, status), [{ name: 'a', path: '/', expect: { status } }]);
    expect(result).toMatchObject({ outcome: 'passed' });
  });

  it('takes no body that was cut off for one that matches', async () => {
    const big = (_: unknown, response: ServerResponse) => response.end(`${'a'.repeat(1024 * 1024)} error`);
    const [result] = await run(big, [{ name: 'a', path: '/', expect: { body: { matches: '^[^e]*$' } } }]);
    expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('larger than 1 MiB') });
  });

  it('takes a body of more than a mebibyte for no JSON', async () => {
    const big = (_: unknown, response: ServerResponse) => response.end(`"${'x'.repeat(2 ** 20)}"`);
    const [result] = await run(big, [
      { name: 'a', path: '/', expect: { json: [{ path: '$', exists: true }] } },
    ]);
    expect(result).toMatchObject({ outcome: 'failed', detail: 'GET /: the body is larger than 1 MiB' });
  });

  it.each<[string, object]>([
    ['$..*..*..*', { expect: { json: [{ path: '$..*..*..*', exists: false }] } }],
    [
      'the schema',
      { expect: { schema: { items: { anyOf: [...Array(99).fill({ minProperties: 2 }), {}] } } } },
    ],
    ['body', { expect: { body: { matches: '([a-z]{3}:){60}' } } }],
    ['body', { expect: { body: { contains: 'x'.repeat(10_000) } } }],
    ['$..[?@..a..a]', { capture: { A: { json: '$..[?@..a..a]' } } }],
  ])('is errored where judging %s is too much work', async (what, check) => {
    const rows = Array.from({ length: 8_000 }, (_, n) => [{ a: { a: { a: n } } }, null]);
    const [result] = await run(json(rows.flat()), [{ name: 'a', path: '/', ...check }]);
    expect(result).toMatchObject({
      outcome: 'errored',
      detail: expect.stringContaining(`judging ${what} is too much work`),
    });
  });

  it('sends what the config says, the run with it', async () => {
    let seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'> | undefined;
    let sent = '';
    const remember = (request: IncomingMessage, response: ServerResponse, body: string) => {
      seen = request;
      sent = body;
      response.end();
    };
    const check = {
      name: 'a',
      method: 'POST',
      path: '/a b'.replace(' ', '%20'),
      query: { q: 'ü&' },
      headers: { 'X-App': '1' },
      json: { a: [1] },
    };
    await run(remember, [check]);
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/a%20b?q=%C3%BC%26',
      headers: {
        'x-app': '1',
        'content-type': 'application/json',
        'x-deploy-loop-run': runId,
        'user-agent': 'deploy-loop',
      },
    });
    expect(sent).toBe('{"a":[1]}');
    await run(remember, [
      {
        name: 'a',
        method: 'POST',
        path: '/',
        form: { a: '1 2' },
        auth: { basic: { user: 'u', password: 'p' } },
      },
    ]);
    expect(seen?.headers).toMatchObject({
      authorization: 'Basic dTpw',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(sent).toBe('a=1+2');
  });

  it('expects what earlier steps have captured, and secrets, which it does not show', async () => {
    const expected = (id: string) => ({
      json: [
        { path: '$.id', equals: id },
        { path: '$.key', equals: `\${KEY}` },
      ],
    });
    const secrets = { KEY: { env: 'API_KEY' } };
    const steps = (id: string) => [
      { path: '/a', capture: { ID: { json: '$.id' } } },
      { path: '/b', expect: expected(id) },
    ];
    const answer = json({ id: 'cart-7', key: environment.API_KEY });
    const [passed] = await run(answer, [{ name: 'a', steps: steps(`\${ID}`) }], { secrets });
    expect(passed).toMatchObject({ outcome: 'passed' });
    const other = json({ id: 'cart-7', key: 'another' });
    const [failed] = await run(other, [{ name: 'a', steps: steps(`\${ID}`) }], { secrets });
    expect(failed).toMatchObject({ outcome: 'failed' });
    expect(failed?.detail).not.toContain(environment.API_KEY);
  });

  it('goes on with what earlier steps have captured', async () => {
    const paths: string[] = [];
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      paths.push(`${request.url} ${request.headers.authorization ?? ''}`);
      json({ token: 'tok/en', id: 7 }, 200, { 'x-next': 'n' })(request, response);
    };
    const steps = [
      {
        path: '/login',
        capture: { TOKEN: { json: '$.token' }, NEXT: { header: 'X-Next' }, ID: { json: '$.id' } },
      },
      { path: `/users/\${TOKEN}/\${ID}/\${NEXT}`, auth: { bearer: `\${TOKEN}` } },
    ];
    const [result] = await run(answer, [{ name: 'a', steps }]);
    expect(result).toMatchObject({ outcome: 'passed', requests: 2 });
    expect(paths).toEqual(['/login ', '/users/tok%2Fen/7/n Bearer tok/en']);
  });

  it('ends at the first step that is not as expected, and names it', async () => {
    const steps = [{ path: '/a' }, { path: '/b', capture: { X: { json: '$.none' } } }, { path: '/c' }];
    const [result] = await run(json({}), [{ name: 'a', steps }]);
    expect(result).toMatchObject({
      outcome: 'failed',
      requests: 2,
      detail: 'step 2 of 3: GET /b: X could not be captured: $.none is missing',
    });
  });

  it('sends secrets, and never tells them', async () => {
    const echo = (request: IncomingMessage, response: ServerResponse) =>
      response
        .writeHead(500)
        .end(`no: ${request.headers.authorization} ${encodeURIComponent(environment.API_KEY)}`);
    const check = { name: 'a', path: '/', auth: { bearer: `\${API_KEY}` } };
    const [result] = await run(echo, [check], { secrets: { API_KEY: { env: 'API_KEY' } } });
    expect(result?.detail).toBe('GET /: HTTP 500, expected 2xx: no: Bearer [API_KEY] [API_KEY]');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it.each<[string, object, string]>([
    ['is not there', { env: 'NOT_THERE' }, 'the environment variable NOT_THERE of a secret is not set'],
    ['is too short to be hidden', { env: 'SHORT' }, 'secret API_KEY has fewer than 4 characters'],
    ["is the guard's own", { env: 'GOOGLE_APPLICATION_CREDENTIALS' }, 'belongs to the guard itself'],
  ])('is errored when a secret %s', async (_what, source, detail) => {
    const check = { name: 'a', path: '/', auth: { bearer: `\${API_KEY}` } };
    const [result] = await run(json({}), [check], { secrets: { API_KEY: source } });
    expect(result).toMatchObject({ outcome: 'errored', detail: expect.stringContaining(detail) });
  });

  it.each([
    ['a line end', 'a\r\nHost: evil.example', 'one line of Latin-1', { headers: { 'X-Id': `\${ID}` } }],
    ['a NUL', 'a\0', 'one line of Latin-1', { auth: { bearer: `\${ID}` } }],
    ['another script', 'ключ', 'one line of Latin-1', { headers: { 'X-Id': `\${ID}` } }],
    ['a step up', '..', 'leads elsewhere', { path: `/carts/\${ID}/items` }],
    ['half a step up', '.', 'leads elsewhere', { path: `/carts/.\${ID}` }],
  ])('is errored, and not sent, where a captured value has %s', async (_what, id, detail, step) => {
    const paths: unknown[] = [];
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      paths.push(request.url);
      response.end(JSON.stringify({ id }));
    };
    const steps = [
      { path: '/new', capture: { ID: { json: '$.id' } } },
      { path: '/next', ...step },
    ];
    const [result] = await run(answer, [{ name: 'a', steps }]);
    expect(result).toMatchObject({ outcome: 'errored', detail: expect.stringContaining(detail) });
    expect(result?.detail).not.toContain('evil');
    expect(paths).toEqual(['/new']);
  });

  it('is not told when it is cut short, and nothing follows', async () => {
    const stop = new AbortController();
    const results = await run(
      () => stop.abort(),
      [
        { name: 'a', path: '/' },
        { name: 'b', path: '/' },
      ],
      {
        signal: stop.signal,
      },
    );
    expect(results).toEqual([]);
  });

  it('is errored where the address may not be asked', async () => {
    await using bench = new ProberBench();
    const pair = await bench.http((_, response) => response.end());
    const prober = bench.prober({ allowedLocalAddresses: [] });
    const runner = new HttpCheckRunner({
      prober,
      secrets: new ComposedSecrets({}, async () => ''),
      clock: new SystemClock(),
    });
    const suite = HttpSuiteSchema.parse({ name: 'api', kind: 'http', checks: [{ name: 'a', path: '/' }] });
    const url = `http://${pair}`;
    const target = {
      runId,
      revision: 'web-2' as RevisionName,
      url,
      authenticate: 'never' as const,
      audience: url,
      edges: [],
    };
    const results: CheckResult[] = [];
    await runner.run(
      { suite, ids: ['a'], target, attempt: 1 },
      (result) => results.push(result),
      new AbortController().signal,
    );
    expect(results).toMatchObject([{ outcome: 'errored' }]);
  });
});

describe('an HTTP check that names the build', () => {
  const expected = { json: { version: `\${COMMIT_SHA}`, revision: `\${REVISION}`, build: `\${BUILD_ID}` } };
  const commit = 'abc1234';
  const build = { id: 'b-1' as BuildId, commit };
  const checks = [{ name: 'a', path: `/\${COMMIT_SHA}`, headers: { x: `\${BUILD_ID}` }, expect: expected }];

  it('has its values in requests and expectations', async () => {
    const seen: (string | undefined)[] = [];
    const [result] = await run(
      (request, response) => {
        seen.push(request.url, request.headers.x?.toString());
        response.end(JSON.stringify({ version: commit, revision: 'web-2', build: 'b-1' }));
      },
      checks,
      { build },
    );
    expect(result).toMatchObject({ outcome: 'passed' });
    expect(seen).toEqual([`/${commit}`, 'b-1']);
  });

  it('shows them where it fails', async () => {
    const [result] = await run(json({ version: 'fedcba9' }), checks, { build });
    expect(result).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('expected "abc1234"'),
    });
  });

  it.each([
    [undefined, `\${COMMIT_SHA} and \${BUILD_ID} are not known: no build of web-2 is recorded`],
    [{ id: build.id }, `\${COMMIT_SHA} is not known: build b-1 of web-2 has no COMMIT_SHA`],
  ])('is errored, and sends nothing, where they are not known', async (unknown, detail) => {
    let requests = 0;
    const [result] = await run(
      (_, response) => {
        requests++;
        response.end();
      },
      checks,
      {
        build: unknown,
      },
    );
    expect(result).toMatchObject({ outcome: 'errored', detail });
    expect(requests).toBe(0);
  });
});
