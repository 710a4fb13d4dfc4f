import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Container } from '../../infra/local/process/container.ts';

export interface PuppetAnswer {
  readonly status: number;
  readonly body: string;
}

export const healthy: PuppetAnswer = { status: 200, body: '{"status":"healthy"}' };
export const unavailable: PuppetAnswer = { status: 503, body: 'unavailable' };

/** Passes every request on to the address in ANSWERS, and its answer back. */
const program = `
  const { createServer, get } = require('node:http');
  createServer((_, response) => {
    get(process.env.ANSWERS, (answer) => {
      response.writeHead(answer.statusCode);
      answer.pipe(response);
    }).on('error', () => response.destroy());
  }).listen(process.env.PORT);`;

/** A container whose answers are given by the test, one by one: the test acts at an exact moment of a run. */
export class Puppet implements AsyncDisposable {
  readonly container: Container;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    const env = { ANSWERS: `http://127.0.0.1:${port}` };
    this.container = { command: process.execPath, args: ['-e', program], env };
  }

  /** @param answer asked at each request, with its number from 1; what it does is done before the caller hears */
  static async start(answer: (n: number) => PuppetAnswer | Promise<PuppetAnswer>): Promise<Puppet> {
    let n = 0;
    const server = createServer(async (_request, response) => {
      const { status, body } = await answer(++n);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
    return new Puppet(server, address.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
