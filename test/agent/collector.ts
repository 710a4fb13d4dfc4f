import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type JobAssignment, renderJobAssignment } from '../../shared/contracts/suites/job-api.ts';

/** For the shard. */
export const token = `dl1.${'a1'.repeat(10)}.s3.1800000000.${'5ec2e7'.repeat(10)}cafe`;
/** For the report. */
export const reportToken = `dl1.${'a1'.repeat(10)}.s3.1800000000.report.${'2e901f'.repeat(10)}cafe`;

export interface SeenRequest {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Plays *collect-results* for one shard. */
export class Collector {
  readonly requests: SeenRequest[] = [];
  /** Statuses of the next answers to a request line, such as `GET /collect/shard`; then 200. */
  readonly statuses: Record<string, number[]> = {};
  /** What reports must come with. */
  reportToken = reportToken;
  /** What is answered to GET. */
  shard: string;
  readonly #server: Server;
  readonly #seen = new EventEmitter();

  constructor(assignment: Partial<JobAssignment> = {}) {
    this.shard = renderJobAssignment({
      mode: 'run',
      command: 'cat "$DEPLOY_LOOP_TESTS_FILE" >"$DEPLOY_LOOP_RESULTS_FILE"',
      env: {},
      token: reportToken,
      tests: ['a', 'b'],
      timeoutS: 60,
      ...assignment,
    });
    this.#server = createServer(async (request, response) => {
      const body = (await buffer(request)).toString();
      const line = `${request.method} ${request.url}`;
      this.requests.push({ line, headers: request.headers, body });
      this.#seen.emit(line);
      const wanted = request.method === 'GET' ? token : this.reportToken;
      const authorized = request.headers.authorization === `Bearer ${wanted}`;
      const status = authorized ? (this.statuses[line]?.shift() ?? 200) : 403;
      const answer = status === 200 && request.method === 'GET' ? this.shard : `${status}\n`;
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(answer);
    });
  }

  /** @param port 0: any that is free */
  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/collect`;
  }

  get lines(): readonly string[] {
    return this.requests.map(({ line }) => line);
  }

  /** The one report that was handed in. */
  get report(): SeenRequest {
    const [report, more] = this.requests.filter(({ line }) => line === 'POST /collect/results');
    if (report === undefined || more !== undefined) throw new Error(`reports: ${this.lines.join(', ')}`);
    return report;
  }

  /** Resolves with the next request of this line. */
  async next(line: string): Promise<void> {
    await once(this.#seen, line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
