import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const address = '127.0.0.1';

/**
 * A port of the loopback interface for each host name: an address for programs whose resolver does not know names below
 * `localhost`. Opened when somebody asks for it, and open until the end.
 */
export class LoopbackPorts {
  readonly #onConnection: (socket: Socket) => void;
  readonly #servers = new Map<string, Promise<Server>>();
  readonly #labels = new Map<number, string>();

  constructor(onConnection: (socket: Socket) => void) {
    this.#onConnection = onConnection;
  }

  /** @param label `SERVICE` or `TAG---SERVICE`. @returns the same URL each time */
  async urlOf(label: string): Promise<string> {
    const opened = this.#servers.get(label) ?? this.#open(label);
    this.#servers.set(label, opened);
    return `http://${address}:${portOf(await opened)}`;
  }

  /** @param port that a connection arrived at. @returns the label; undefined: it is nobody's port */
  labelAt(port: number | undefined): string | undefined {
    return port === undefined ? undefined : this.#labels.get(port);
  }

  async close(): Promise<void> {
    for (const opened of this.#servers.values()) (await opened).close();
  }

  async #open(label: string): Promise<Server> {
    const server = createServer(this.#onConnection);
    await once(server.listen(0, address), 'listening');
    this.#labels.set(portOf(server), label);
    return server;
  }
}

function portOf(server: Server): number {
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new TypeError('the server does not listen');
  return bound.port;
}
