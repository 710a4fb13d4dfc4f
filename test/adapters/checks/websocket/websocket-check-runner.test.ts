import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { ComposedSecrets } from '../../../../shared/adapters/checks/secrets/composed-secrets.ts';
import { WebsocketCheckRunner } from '../../../../shared/adapters/checks/websocket/websocket-check-runner.ts';
import { SystemClock } from '../../../../shared/adapters/system-clock.ts';
import { WsWebSockets } from '../../../../shared/adapters/websocket/ws-web-sockets.ts';
import { WebsocketSuiteSchema } from '../../../../shared/contracts/suites/websocket-suite.ts';
import type { CheckResult } from '../../../../shared/domain/checks/check-result.ts';
import type { RevisionName, RunId } from '../../../../shared/domain/ids.ts';
import { refuse, TestSocketServer } from '../../websocket/web-socket-server.ts';

const runId = '0123456789abcdef0123' as RunId;
let server: TestSocketServer;
let edge: TestSocketServer;
beforeEach(async () => {
  server = await new TestSocketServer().listen();
  edge = await new TestSocketServer().listen();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await edge[Symbol.asyncDispose]();
});

interface Options {
  readonly secrets?: object;
  readonly timeout?: string;
  readonly signal?: AbortSignal;
  /** True: there is a load balancer too. */
  readonly withEdge?: boolean;
}

async function run(
  check: Readonly<Record<string, unknown>>,
  { secrets = {}, timeout = '2s', signal = new AbortController().signal, withEdge = false }: Options = {},
): Promise<CheckResult | undefined> {
  const runner = new WebsocketCheckRunner({
    sockets: new WsWebSockets({
      tokens: { idToken: async () => 'the-id-token' },
      allowedLocalAddresses: [server.host, edge.host],
    }),
    secrets: new ComposedSecrets({ API_KEY: 'hunter2-and-more' }, async () => ''),
    clock: new SystemClock(),
  });
  const checks = [{ name: 'a', path: '/chat', ...check }];
  const suite = WebsocketSuiteSchema.parse({ name: 'live', kind: 'websocket', timeout, secrets, checks });
  const target = {
    runId,
    revision: 'web-2' as RevisionName,
    url: server.url,
    authenticate: 'never' as const,
    audience: server.url,
    edges: withEdge ? [`${edge.url}/health`] : [],
  };
  const results: CheckResult[] = [];
  const ids = (await runner.collect(suite)).checks.map(({ id }) => id);
  await runner.run({ suite, ids, target, attempt: 1 }, (result) => results.push(result), signal);
  expect(results.length).toBeLessThanOrEqual(1);
  return results[0];
}

const answering = (reply: string) => (socket: WebSocket) => socket.on('message', () => socket.send(reply));
const ready = '{"type":"ready","room":7}';

describe('a WebSocket check', () => {
  it('passes when all that is expected comes', async () => {
    server.onSocket = answering(ready);
    const messages = [
      { json: { type: 'join' } },
      { expect: { json: [{ path: '$.type', equals: 'ready' }], contains: 'room', matches: '"room":\\d+' } },
    ];
    expect(await run({ messages })).toMatchObject({ id: 'a', outcome: 'passed', requests: 1 });
    expect(server.handshakes[0]?.headers['x-deploy-loop-run']).toBe(runId);
  });

  it.each<[string, object, string]>([
    ['lacks a text', { contains: 'nobody' }, 'does not contain nobody'],
    ['does not match', { matches: '^no' }, 'does not match ^no'],
    ['has another value', { json: [{ path: '$.room', equals: 8 }] }, '$.room is 7, expected 8'],
  ])('fails when the message %s', async (_what, wanted, detail) => {
    server.onSocket = answering(ready);
    const messages = [{ send: 'x' }, { expect: { ...wanted, strict: true } }];
    const result = await run({ messages });
    expect(result).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(`/chat: message 1 of 1: `),
    });
    expect(result?.detail).toContain(detail);
  });

  it('fails on what is not JSON where JSON is expected', async () => {
    server.onSocket = answering('pong');
    const messages = [{ send: 'x' }, { expect: { json: [{ path: '$.a', exists: true }], strict: true } }];
    expect(await run({ messages })).toMatchObject({ detail: '/chat: message 1 of 1: pong is not JSON' });
  });

  it.each([
    [1011, 'ws-1011'],
    [1008, undefined],
  ])('fails when it is closed with %d, with signature %s', async (code, signature) => {
    server.onSocket = (socket) => socket.close(code);
    const result = await run({ messages: [{ expect: {} }] });
    expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(`with ${code}`) });
    expect(result?.signature).toBe(signature);
  });

  it.each([401, 403, 404, 503])('fails when its handshake is refused with %d', async (status) => {
    server.onUpgrade = (_request, socket) => refuse(socket, status);
    expect(await run({})).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(`HTTP ${status}`),
    });
  });

  it('never takes longer than its suite allows', async () => {
    expect(await run({ messages: [{ expect: { within: '60s' } }] }, { timeout: '80ms' })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('did not arrive within'),
      signature: 'timeout',
    });
  });

  it('fills in secrets, and never tells them', async () => {
    server.onSocket = (socket) =>
      socket.on('message', (data) => socket.close(1011, String(data).slice(0, 100)));
    const secrets = { KEY: { env: 'API_KEY' } };
    const check = {
      auth: { bearer: `\${KEY}` },
      query: { key: `\${KEY}` },
      messages: [{ send: `key \${KEY}` }, { expect: {} }],
    };
    const result = await run(check, { secrets });
    expect(server.handshakes[0]).toMatchObject({
      url: '/chat?key=hunter2-and-more',
      headers: { authorization: 'Bearer hunter2-and-more' },
    });
    expect(result?.detail).toContain('key [KEY]');
    expect(result?.detail).not.toContain('hunter2');
  });

  it('tells no part of a secret where a text is cut', async () => {
    server.onSocket = (socket) => socket.on('message', (data) => socket.send(`${'x'.repeat(190)}${data}`));
    const secrets = { KEY: { env: 'API_KEY' } };
    const messages = [{ send: `\${KEY}` }, { expect: { contains: 'nobody', strict: true } }];
    const result = await run({ messages }, { secrets });
    expect(result?.detail).toContain('xxx[KEY]…');
    expect(result?.detail).not.toContain('hunter');
  });

  it.each([1008, 1011])('fails when it is closed with %d as soon as all is said', async (code) => {
    server.onSocket = (socket) => socket.close(code);
    expect(await run({})).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(`closed with ${code}`),
    });
  });

  it('is not said to be down when its message is too large', async () => {
    server.onSocket = (socket) => socket.send('x'.repeat(2 * 1024 * 1024));
    const result = await run({ messages: [{ expect: {} }] });
    expect(result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('larger than 1 MiB') });
    expect(result?.signature).toBeUndefined();
  });

  it('breaks by itself when a secret is missing', async () => {
    expect(await run({}, { secrets: { KEY: { env: 'NONE' } } })).toMatchObject({
      outcome: 'errored',
      detail: expect.stringContaining('NONE'),
    });
  });

  it('is not told when it was given up', async () => {
    const stop = new AbortController();
    const opened = Promise.withResolvers<void>();
    server.onSocket = () => opened.resolve();
    const running = run(
      { messages: [{ expect: { within: '60s' } }] },
      { signal: stop.signal, timeout: '60s' },
    );
    await opened.promise;
    stop.abort();
    expect(await running).toBeUndefined();
  });
});

describe('a WebSocket check of a service behind a load balancer', () => {
  it('passes when it goes well at both', async () => {
    expect(await run({ subprotocols: ['v1'] }, { withEdge: true })).toMatchObject({
      outcome: 'passed',
      requests: 2,
    });
  });

  it.each<[string, () => void, string]>([
    ['loses the subprotocol', () => (edge.choose = () => false), 'Sec-WebSocket-Protocol is not forwarded'],
    [
      'loses Upgrade',
      () => (edge.onUpgrade = (_request, socket) => refuse(socket, 426)),
      'HTTP 426, expected 101 (Upgrade, Sec-WebSocket-Key or the path is not forwarded',
    ],
    [
      'loses Authorization',
      () => (edge.onUpgrade = (_request, socket) => refuse(socket, 401)),
      'Authorization or a cookie is not forwarded',
    ],
    ['cuts the connection', () => (edge.onSocket = (socket) => socket.terminate()), '1006'],
  ])('that %s is not to blame', async (_what, breakEdge, detail) => {
    breakEdge();
    server.onSocket = (socket) => socket.send('hello');
    const result = await run({ subprotocols: ['v1'], messages: [{ expect: {} }] }, { withEdge: true });
    expect(result).toMatchObject({ outcome: 'errored' });
    expect(result?.detail).toContain(`as expected on the revision itself, but not through ${edge.url}`);
    expect(result?.detail).toContain(detail);
  });

  it('that has used up its time says so of the load balancer', async () => {
    edge.onUpgrade = () => true;
    const result = await run({}, { withEdge: true, timeout: '300ms' });
    expect(result).toMatchObject({ outcome: 'errored' });
    expect(result?.detail).toContain(`but not in the remaining time through ${edge.url}`);
  });

  it('fails by itself first', async () => {
    server.onSocket = (socket) => socket.close(1011);
    expect(await run({ messages: [{ expect: {} }] }, { withEdge: true })).toMatchObject({
      outcome: 'failed',
    });
    expect(edge.handshakes).toEqual([]);
  });
});
