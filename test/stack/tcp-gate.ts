import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a TCP server that a test can shut, and open again. */
export class TcpGate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      if (!this.#isOpen) {
        near.destroy();
        return;
      }
      const far = connect(port, host);
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  /** @param target `host:port` */
  static async start(target: string): Promise<TcpGate> {
    const colon = target.lastIndexOf(':');
    const gate = new TcpGate(target.slice(0, colon), Number(target.slice(colon + 1)));
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** `host:port`, in place of the target's. */
  get host(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new TypeError('the gate is closed');
    return `127.0.0.1:${address.port}`;
  }

  /** Cuts every connection, and each new one at once. */
  shut(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    this.shut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
