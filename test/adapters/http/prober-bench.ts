import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { UndiciProber, type UndiciProberOptions } from '../../../shared/adapters/http/undici-prober.ts';
import type { IdTokens } from '../../../shared/adapters/id-tokens/id-tokens.ts';
import type { ProbeAnswer, ProbeRequest } from '../../../shared/ports/prober.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** An authority that nobody else knows, and a certificate of it for `shop.localhost` and 127.0.0.1. */
export const testAuthority = fixture('ca.pem');
export const testCertificate = { cert: fixture('server.pem'), key: fixture('server-key.pem') };

/** What says for whom it is, like Google's, and is signed by nobody. */
export function anIdToken(audience: string): string {
  return `head.${Buffer.from(JSON.stringify({ aud: audience })).toString('base64url')}.signature`;
}

const noTokens: IdTokens = {
  idToken: () => Promise.reject(new Error('no token was expected to be asked for')),
};

/** Local servers and a prober that may ask them. `await using` closes all. */
export class ProberBench {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #probers: UndiciProber[] = [];

  /** @returns `127.0.0.1:PORT` */
  http(listener: RequestListener): Promise<string> {
    return this.#listen(createServer(listener));
  }

  /** With a certificate that `testAuthority` has signed. @returns `127.0.0.1:PORT` */
  https(listener: RequestListener): Promise<string> {
    return this.#listen(createTlsServer(testCertificate, listener));
  }

  /** @returns `127.0.0.1:PORT` */
  tcp(onConnection: (socket: Socket) => void): Promise<string> {
    return this.#listen(createTcpServer((socket) => onConnection(socket.on('error', () => {}))));
  }

  prober(options: Partial<UndiciProberOptions> = {}): UndiciProber {
    const prober = new UndiciProber({ tokens: noTokens, ...options });
    this.#probers.push(prober);
    return prober;
  }

  /** Probes one allowed local address. */
  ask(pair: string, request: Partial<ProbeRequest> = {}): Promise<ProbeAnswer> {
    return this.prober({ allowedLocalAddresses: [pair] }).probe(aRequest(`http://${pair}/`, request));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const prober of this.#probers) await prober.close();
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  async #listen(server: Server): Promise<string> {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${portOf(server.address())}`;
  }
}

export function aRequest(url: string, changes: Partial<ProbeRequest> = {}): ProbeRequest {
  return {
    url,
    timeoutMs: 2000,
    authenticate: 'never',
    audience: 'https://backend-abc-uc.a.run.app',
    ...changes,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port;
  throw new TypeError('a TCP server has a port');
}
