import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Arrivals } from './pubsub-arrivals.ts';

export interface PushedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** @returns the status to answer, or undefined when it has answered itself, or never will */
export type Answer = (
  request: PushedRequest,
  response: ServerResponse,
) => number | undefined | Promise<number | undefined>;

/** An HTTP server that takes pushes. */
export class PubsubSink {
  readonly requests = new Arrivals<PushedRequest>();
  answer: Answer;
  readonly #server = createServer((request, response) => void this.#take(request, response));

  private constructor(answer: Answer) {
    this.answer = answer;
  }

  static async open(answer: Answer = () => 204): Promise<PubsubSink> {
    const sink = new PubsubSink(answer);
    sink.#server.listen(0, '127.0.0.1');
    await once(sink.#server, 'listening');
    return sink;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the sink is closed');
    return address.port;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = incoming;
    const request = { method, path, headers, body: JSON.parse(await text(incoming)) };
    this.requests.add(request);
    const status = await this.answer(request, response);
    if (status !== undefined) response.writeHead(status).end();
  }
}
