import { once } from 'node:events';
import {
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { status as codes, Server, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js';
import { describe, expect, it, test } from '@jest/globals';
import { HealthImplementation, service as healthService } from 'grpc-health-check';
import type { UndiciProberOptions } from '../../../shared/adapters/http/undici-prober.ts';
import type { HealthQuestion } from '../../../shared/contracts/expectations/health-question.ts';
import type { ProbeRequest } from '../../../shared/ports/prober.ts';
import { askHealth } from '../../../shared/services/health/ask-health.ts';
import { aServiceConfig } from '../../builders.ts';
import { aRequest, ProberBench, testAuthority, testCertificate } from './prober-bench.ts';

/** What a GET would be asked with; a health check of gRPC has its own. */
const question: HealthQuestion = {
  method: 'GET',
  headers: {},
  judge: () => {
    throw new Error('not for gRPC');
  },
};

const denied = 'Your client does not have permission to get URL / from this server.';

async function ask(
  bench: ProberBench,
  url: string,
  {
    service = '',
    options = {},
    ...request
  }: Partial<ProbeRequest> & { service?: string; options?: Partial<UndiciProberOptions> } = {},
) {
  const { health } = aServiceConfig();
  const config = aServiceConfig({ health: { ...health, grpc: { service } } });
  const prober = bench.prober({ allowedLocalAddresses: [new URL(url).host], ...options });
  return askHealth(aRequest(url, request), config, question, prober);
}

/** A server by grpc-js. */
class GrpcServer implements AsyncDisposable {
  readonly server = new Server();
  port = 0;

  async listen(credentials = ServerCredentials.createInsecure()): Promise<this> {
    this.port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/some/path`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.forceShutdown();
  }
}

async function aHealthServer(
  statuses: Record<string, 'SERVING' | 'NOT_SERVING' | 'UNKNOWN'>,
): Promise<GrpcServer> {
  const grpc = new GrpcServer();
  new HealthImplementation(statuses).addToServer(grpc.server);
  return grpc.listen();
}

/** One whose health check is this handler. */
async function aServerWith(check: UntypedHandleCall): Promise<GrpcServer> {
  const grpc = new GrpcServer();
  grpc.server.addService(healthService, { check, watch: () => {} });
  return grpc.listen();
}

/** Answers HTTP/2 without TLS by hand, and keeps what it was asked. */
class RawServer implements AsyncDisposable {
  readonly seen: IncomingHttpHeaders[] = [];
  sessions = 0;
  readonly #server = createHttp2Server();
  readonly #sessions = new Set<{ destroy(): void }>();

  constructor(onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void) {
    this.#server.on('session', (session) => {
      this.sessions++;
      this.#sessions.add(session);
    });
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      this.seen.push(headers);
      onStream(stream, headers);
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
  }
}

const page = (status: number, body: string) => (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': status, 'content-type': 'text/html' });
  stream.end(body);
};

const message =
  (trailers: OutgoingHttpHeaders, body = '\0\0\0\0\x02\b\x01') =>
  (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(body);
  };

describe('a health check of gRPC', () => {
  test.each<['SERVING' | 'NOT_SERVING' | 'UNKNOWN', object]>([
    ['SERVING', { kind: 'good', status: 200 }],
    ['NOT_SERVING', { kind: 'bad', fault: 'server-error', detail: 'gRPC health is NOT_SERVING' }],
    ['UNKNOWN', { kind: 'bad', fault: 'wrong-body' }],
  ])('of a server that is %s', async (status, outcome) => {
    await using bench = new ProberBench();
    await using server = await aHealthServer({ '': status });
    expect((await ask(bench, server.url)).outcome).toMatchObject(outcome);
  });

  it('asks for one service of several', async () => {
    await using bench = new ProberBench();
    await using server = await aHealthServer({ '': 'NOT_SERVING', 'shop.v1.Carts': 'SERVING' });
    expect((await ask(bench, server.url, { service: 'shop.v1.Carts' })).outcome).toMatchObject({
      kind: 'good',
    });
    expect((await ask(bench, server.url, { service: 'shop.v1.Cart' })).outcome).toMatchObject({
      kind: 'bad',
      fault: 'wrong-status',
      detail: expect.stringContaining('NOT_FOUND'),
    });
  });

  it('of a server without one is a wrong answer', async () => {
    await using bench = new ProberBench();
    await using server = await new GrpcServer().listen();
    expect((await ask(bench, server.url)).outcome).toMatchObject({
      kind: 'bad',
      fault: 'wrong-status',
      detail: expect.stringContaining('UNIMPLEMENTED'),
    });
  });

  test.each<[keyof typeof codes, object]>([
    [
      'UNAVAILABLE',
      { kind: 'bad', fault: 'server-error', detail: 'gRPC UNAVAILABLE, expected OK: no dätabase' },
    ],
    ['PERMISSION_DENIED', { kind: 'bad', fault: 'wrong-status', status: 403 }],
    ['DEADLINE_EXCEEDED', { kind: 'bad', fault: 'timeout' }],
  ])('that the application ends with %s', async (code, outcome) => {
    await using bench = new ProberBench();
    await using server = await aServerWith(((_call: unknown, done: (error: object) => void) =>
      done({ code: codes[code], details: 'no dätabase' })) as UntypedHandleCall);
    expect((await ask(bench, server.url)).outcome).toMatchObject(outcome);
  });

  it('that is never answered is a timeout', async () => {
    await using bench = new ProberBench();
    await using server = await aServerWith((() => {}) as UntypedHandleCall);
    expect((await ask(bench, server.url, { timeoutMs: 100 })).outcome).toMatchObject({
      kind: 'bad',
      fault: 'timeout',
    });
  });

  it('of a server that never says a word is a timeout', async () => {
    await using bench = new ProberBench();
    const mute = await bench.tcp(() => {});
    expect((await ask(bench, `http://${mute}/`, { timeoutMs: 100 })).outcome).toMatchObject({
      kind: 'bad',
      fault: 'timeout',
    });
  });

  it('goes by TLS where the URL says so', async () => {
    await using bench = new ProberBench();
    const grpc = new GrpcServer();
    new HealthImplementation({ '': 'SERVING' }).addToServer(grpc.server);
    const { cert, key } = testCertificate;
    const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
    await using server = await grpc.listen(ServerCredentials.createSsl(null, [pair]));
    const url = `https://127.0.0.1:${server.port}/`;
    expect((await ask(bench, url, { ca: testAuthority })).outcome).toMatchObject({ kind: 'good' });
    expect((await ask(bench, url)).outcome).toMatchObject({ kind: 'unknown', cause: 'tls' });
  });

  test.each<[string, (stream: ServerHttp2Stream) => void, object]>([
    ["the platform's refusal", page(403, denied), { kind: 'unknown', cause: 'not-allowed' }],
    [
      "the platform's 404",
      page(404, 'The requested URL was not found on this server.'),
      { kind: 'unknown', cause: 'platform-not-found' },
    ],
    ["the platform's 429", page(429, 'Rate exceeded.'), { kind: 'unknown', cause: 'overload' }],
    [
      "a crash's 503",
      page(503, 'connection to the instance had an error'),
      { kind: 'bad', fault: 'server-error' },
    ],
    ['SERVING with a bad end', message({ 'grpc-status': '13' }), { kind: 'bad', fault: 'server-error' }],
    ['SERVING without an end', message({}), { kind: 'bad', fault: 'wrong-body' }],
    ['SERVING', message({ 'grpc-status': '0' }), { kind: 'good' }],
    ['an endless message', message({ 'grpc-status': '0' }, '\0'.repeat(200_000)), { fault: 'wrong-body' }],
    ['a stream that is reset', (stream) => stream.close(2), { kind: 'bad', fault: 'refused' }],
    ['a stream that is closed', (stream) => stream.close(0), { kind: 'bad', fault: 'refused' }],
    [
      'a stream that is reset after its head',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        stream.close(8);
      },
      { kind: 'bad' },
    ],
    ['a connection that is cut', (stream) => stream.session?.destroy(), { kind: 'bad', fault: 'refused' }],
  ])('that is answered with %s', async (_what, onStream, outcome) => {
    await using bench = new ProberBench();
    await using server = await new RawServer(onStream).listen();
    expect((await ask(bench, server.url)).outcome).toMatchObject(outcome);
  });

  it('of nobody, or of a server of HTTP/1.1, is refused', async () => {
    await using bench = new ProberBench();
    const old = await bench.http((_, response) => response.end('hello'));
    expect((await ask(bench, `http://${old}/`)).outcome).toMatchObject({ kind: 'bad', fault: 'refused' });
    const cut = await bench.tcp((socket) => socket.destroy());
    expect((await ask(bench, `http://${cut}/`)).outcome).toMatchObject({ kind: 'bad', fault: 'refused' });
    const gone = createTcpServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    expect((await ask(bench, `http://127.0.0.1:${port}/`)).outcome).toMatchObject({
      kind: 'bad',
      fault: 'refused',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('has the metadata of its answer, first and trailing, among the headers', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer(message({ 'grpc-status': '0', 'x-revision': 'web-1' })).listen();
    expect((await ask(bench, server.url)).answer).toMatchObject({
      headers: { 'content-type': 'application/grpc', 'x-revision': 'web-1' },
    });
    expect(server.seen).toMatchObject([
      { ':path': '/grpc.health.v1.Health/Check', 'user-agent': 'deploy-loop', te: 'trailers' },
    ]);
  });

  it('has a connection of its own each', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer(message({ 'grpc-status': '0' })).listen();
    const { health } = aServiceConfig();
    const config = aServiceConfig({ health: { ...health, grpc: { service: '' } } });
    const prober = bench.prober({ allowedLocalAddresses: [`127.0.0.1:${server.port}`] });
    for (let n = 0; n < 3; n++) await askHealth(aRequest(server.url), config, question, prober);
    expect(server.sessions).toBe(3);
  });
});

describe('a health check of gRPC and the rules of probes', () => {
  const tokens = { idToken: async (audience: string) => `token-for-${audience}` };
  const isPrivate = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
    headers['x-serverless-authorization']
      ? message({ 'grpc-status': '0' })(stream)
      : page(403, denied)(stream);

  it('brings a token to a private service, in the header of Cloud Run', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer(isPrivate).listen();
    const audience = new URL(server.url).origin;
    const { answer, outcome } = await ask(bench, server.url, {
      authenticate: 'auto',
      audience,
      options: { tokens },
    });
    expect(outcome).toMatchObject({ kind: 'good' });
    expect(server.seen.map((headers) => headers['x-serverless-authorization'])).toEqual([
      undefined,
      `Bearer token-for-${audience}`,
    ]);
    expect(server.seen.every((headers) => headers.authorization === undefined)).toBe(true);
    expect(JSON.stringify(answer)).not.toContain('token-for');
  });

  it('brings one after a refusal by code, too', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer((stream, headers) =>
      message({ 'grpc-status': headers['x-serverless-authorization'] ? '0' : '16' })(stream),
    ).listen();
    const audience = new URL(server.url).origin;
    const asked = { authenticate: 'auto', audience, options: { tokens } } as const;
    expect((await ask(bench, server.url, asked)).outcome).toMatchObject({ kind: 'good' });
  });

  it('brings none to another host', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer(isPrivate).listen();
    const { outcome } = await ask(bench, server.url, { authenticate: 'auto', options: { tokens } });
    expect(outcome).toMatchObject({ kind: 'unknown', cause: 'blocked' });
    expect(server.seen.every((headers) => headers['x-serverless-authorization'] === undefined)).toBe(true);
  });

  it('goes to no private address', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer(message({ 'grpc-status': '0' })).listen();
    const options = { allowedLocalAddresses: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }] };
    for (const url of [server.url, 'https://10.0.0.1/', 'https://shop.example.com/'])
      expect((await ask(bench, url, { options })).outcome).toMatchObject({
        kind: 'unknown',
        cause: 'blocked',
      });
    expect(server.sessions).toBe(0);
  });

  it('shows no token that cannot be sent', async () => {
    await using bench = new ProberBench();
    await using server = await new RawServer(isPrivate).listen();
    const audience = new URL(server.url).origin;
    const broken = { idToken: async () => 'token-for\r\nx: y' };
    const { answer, outcome } = await ask(bench, server.url, {
      authenticate: 'always',
      audience,
      options: { tokens: broken },
    });
    expect(outcome).toMatchObject({ kind: 'unknown' });
    expect(JSON.stringify(answer)).not.toContain('token-for');
  });
});
