import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** A service on loopback that talks over WebSockets as a test says. */
export class TestSocketServer implements AsyncDisposable {
  readonly handshakes: IncomingMessage[] = [];
  /** What it does with each socket. */
  onSocket: (socket: WebSocket) => void = () => {};
  /** What it does with a handshake in place of taking it; true: it was dealt with. */
  onUpgrade: (request: IncomingMessage, socket: Duplex) => boolean = () => false;
  /** Which subprotocol it chooses; default: the first. */
  choose: ((offered: Set<string>) => string | false) | undefined;
  /** Also those that were never answered. */
  readonly #raw = new Set<Duplex>();
  readonly #http: Server;
  readonly #scheme: string;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (this.choose ? this.choose(offered) : ([...offered][0] ?? false)),
  });

  /** @param tls absent: without */
  constructor(tls?: { readonly cert: string; readonly key: string }) {
    const refuse: RequestListener = (_request, response) => response.writeHead(426).end('upgrade');
    this.#http = tls ? createTlsServer(tls, refuse) : createServer(refuse);
    this.#scheme = tls ? 'https' : 'http';
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.handshakes.push(request);
      this.#raw.add(socket);
      socket.on('error', () => socket.destroy());
      if (this.onUpgrade(request, socket)) return;
      this.#sockets.handleUpgrade(request, socket, head, (open) => {
        open.on('error', () => {});
        this.onSocket(open);
      });
    });
  }

  async listen(): Promise<this> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.#scheme}://${this.host}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#raw) socket.destroy();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

/** Refuses a handshake with a status. */
export function refuse(socket: Duplex, status: number, body = ''): true {
  socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
  return true;
}
