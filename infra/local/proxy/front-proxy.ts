import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  ServerResponse,
  STATUS_CODES,
} from 'node:http';
import {
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTcpServer, Socket, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { createProxyServer } from 'httpxy';
import { loopbackPath } from '../../../shared/adapters/http/loopback-url.ts';
import type { Lease, RevisionRuntime } from '../process/revision-runtime.ts';
import { hasAccess } from './access.ts';
import { answerStream, carryStream } from './carry-stream.ts';
import { LoopbackPorts } from './loopback-ports.ts';
import { type PlatformAnswer, platformAnswers } from './platform-answer.ts';
import type { Router } from './router.ts';
import { clientGoneStatus, watchRequest } from './served-request.ts';

type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & {
  readonly socket: { readonly localPort?: number | undefined };
};

export interface FrontProxyOptions {
  readonly router: Router<RevisionRuntime>;
  /** @param service its host label. @returns undefined: everybody may call it */
  readonly audiencesOf: (service: string) => readonly string[] | undefined;
}

/**
 * Google's front end: takes every request, finds the revision by its host, and answers when nobody else can. Each host has
 * a loopback port of its own, too.
 */
export class FrontProxy {
  readonly #options: FrontProxyOptions;
  readonly #listener: TcpServer;
  readonly #server: Server;
  readonly #http2 = createHttp2Server();
  readonly #sockets = new Set<Socket>();
  readonly #ports = new LoopbackPorts((socket) => this.#accept(socket));
  /** A pooled connection could meet its container's end, and blame it for a request that never arrived. */
  readonly #proxy = createProxyServer({ xfwd: true, agent: new Agent({ keepAlive: false }) });
  /** Requests that were answered, as far as still possible, in place of the container. */
  readonly #ownAnswers = new WeakMap<Asked, PlatformAnswer>();
  /** What the container answered to requests for an upgrade. */
  readonly #upgradeStatuses = new WeakMap<IncomingMessage, number>();
  /** How much had been written to a connection, by earlier answers, when it asked for its upgrade. */
  readonly #writtenBefore = new WeakMap<Socket, number>();

  constructor(options: FrontProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#onRequest(request, response));
    this.#server.on('upgrade', (request, socket, head) => void this.#onUpgrade(request, socket, head));
    this.#http2.on('stream', (stream, headers) => void this.#onStream(stream, headers));
    this.#listener = createTcpServer((socket) => this.#accept(socket));
    this.#proxy.on('error', (_error, request, response) => {
      if (request !== undefined) this.#ownAnswers.set(request, platformAnswers.crashed);
      if (response instanceof ServerResponse) answer(response, platformAnswers.crashed);
      else if (response instanceof Socket) this.#breakUpgrade(response);
    });
    this.#proxy.on('proxyReqWs', (upstream, request) => {
      for (const event of ['response', 'upgrade'])
        upstream.once(event, ({ statusCode = 0 }) => this.#upgradeStatuses.set(request, statusCode));
    });
  }

  /** @param port 0: any. @returns the port it listens on, on the loopback interface only */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#listener.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    await this.#ports.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
    this.#greet(socket);
  }

  /** By what a client says first: HTTP/2 without TLS begins with a preface that is no request. */
  #greet(socket: Socket): void {
    socket.once('data', (head) => {
      socket.pause();
      socket.unshift(head);
      // Its session takes over what was read; a parser of HTTP/1 waits for it to flow.
      if (head.toString('latin1').startsWith('PRI ')) return this.#http2.emit('connection', socket);
      this.#server.emit('connection', socket);
      return socket.resume();
    });
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = this.#hostAskedFor(request);
    if (asked !== undefined) return answer(response, await this.#tellUrl(asked));
    const runtime = this.#find(request);
    if ('status' in runtime) return answer(response, runtime);
    const end = this.#watch(request, runtime);
    response.once('close', () => end(response.headersSent ? response.statusCode : clientGoneStatus));
    const lease = await this.#acquire(request, runtime);
    if ('status' in lease) return answer(response, lease);
    await this.#proxy.web(request, response, { target: targetOf(lease) }).catch(() => {});
    lease.release(!this.#ownAnswers.has(request));
  }

  async #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on('error', () => stream.destroy());
    const { ':method': method, ':path': url, ':authority': host } = headers;
    const socket = { localPort: stream.session?.socket.localPort };
    const request = {
      method: String(method),
      url: String(url),
      headers: { ...headers, host: String(host) },
      socket,
    };
    const runtime = this.#find(request);
    if ('status' in runtime) return answerStream(stream, runtime);
    const end = this.#watch(request, runtime);
    stream.once('close', () => end(Number(stream.sentHeaders?.[':status'] ?? clientGoneStatus)));
    const lease = await this.#acquire(request, runtime);
    if ('status' in lease) return answerStream(stream, lease);
    const { host: _, ...passed } = request.headers;
    const answered = await carryStream(stream, passed, targetOf(lease));
    if (!answered) {
      this.#ownAnswers.set(request, platformAnswers.crashed);
      answerStream(stream, platformAnswers.crashed);
    }
    lease.release(answered);
  }

  async #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!(socket instanceof Socket)) return;
    socket.on('error', () => socket.destroy());
    this.#writtenBefore.set(socket, socket.bytesWritten);
    const runtime = this.#find(request);
    if ('status' in runtime) return answerRaw(socket, runtime);
    const end = this.#watch(request, runtime);
    socket.once('close', () => {
      end(this.#upgradeStatuses.get(request) ?? this.#ownAnswers.get(request)?.status ?? clientGoneStatus);
    });
    const lease = await this.#acquire(request, runtime);
    if ('status' in lease) return answerRaw(socket, lease);
    await this.#proxy.ws(request, socket, { target: targetOf(lease) }, head).catch(() => {});
    lease.release(!this.#ownAnswers.has(request));
  }

  /** @returns to be called with the status when the request has ended: its revision is told of it */
  #watch(request: Asked, runtime: RevisionRuntime): (status: number) => void {
    const ended = watchRequest(request);
    return (status) => {
      const own = this.#ownAnswers.get(request);
      runtime.served(ended(status, own?.status === status ? own.body : undefined));
    };
  }

  #breakUpgrade(socket: Socket): void {
    // Once upgraded, a broken connection is all that the client can see.
    if (socket.bytesWritten > (this.#writtenBefore.get(socket) ?? 0)) socket.destroy();
    else answerRaw(socket, platformAnswers.crashed);
  }

  /** Finds out who is to answer; an answer of the platform's own when nobody is. */
  #find(request: Asked): RevisionRuntime | PlatformAnswer {
    const label = this.#ports.labelAt(request.socket.localPort);
    const host = parseHost(label === undefined ? request.headers.host : `${label}.localhost`);
    const runtime = host && this.#options.router.route(host.service, host.tag);
    if (host === undefined || runtime === undefined) return platformAnswers.notFound;
    const audiences = this.#options.audiencesOf(host.service);
    if (audiences !== undefined && !hasAccess(request.headers, audiences))
      return platformAnswers.notAuthenticated;
    delete request.headers['x-serverless-authorization'];
    return runtime;
  }

  /** The host in a question for its URL, which is put to no host of a service. */
  #hostAskedFor({ url = '', headers, socket }: Asked): string | undefined {
    const isOwn =
      parseHost(headers.host) === undefined && this.#ports.labelAt(socket.localPort) === undefined;
    return isOwn && url.startsWith(loopbackPath) ? url.slice(loopbackPath.length) : undefined;
  }

  async #tellUrl(host: string): Promise<PlatformAnswer> {
    const asked = parseHost(host);
    if (asked === undefined || !this.#options.router.knows(asked.service)) return platformAnswers.notFound;
    const label = asked.tag === undefined ? asked.service : `${asked.tag}---${asked.service}`;
    return { status: 200, contentType: 'text/plain', body: await this.#ports.urlOf(label) };
  }

  /** Wakes who is to answer. */
  async #acquire(request: Asked, runtime: RevisionRuntime): Promise<Lease | PlatformAnswer> {
    const lease = await runtime.acquire();
    if (typeof lease !== 'string') return lease;
    const own = lease === 'crashed' ? platformAnswers.crashed : platformAnswers.cannotStart;
    this.#ownAnswers.set(request, own);
    return own;
  }
}

function targetOf(lease: Lease): string {
  return `http://127.0.0.1:${lease.port}`;
}

function answer(response: ServerResponse, { status, contentType, body }: PlatformAnswer): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': contentType }).end(body);
}

/** To a client that asked for an upgrade, and has no response object. */
function answerRaw(socket: Socket, { status, contentType, body }: PlatformAnswer): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Date: ${new Date().toUTCString()}`,
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

interface RequestedHost {
  /** The label of the service. */
  readonly service: string;
  readonly tag: string | undefined;
}

const hostPattern = /^(?:(?<tag>[a-z][a-z0-9-]*?)---)?(?<service>[a-z][a-z0-9-]*)\.localhost(?::\d+)?$/;

/** `SERVICE.localhost:PORT` or `TAG---SERVICE.localhost:PORT`. Undefined: neither. */
function parseHost(host: string | undefined): RequestedHost | undefined {
  const { service, tag } = hostPattern.exec(host?.toLowerCase() ?? '')?.groups ?? {};
  return service === undefined ? undefined : { service, tag };
}
