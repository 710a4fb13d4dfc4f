import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { GithubFaults } from './github-faults.ts';
import { servePages } from './page/serve-pages.ts';
import { serveApi } from './serve-api.ts';
import { type SeenCall, ServerState } from './server-state.ts';
import type { Identities } from './state/identities.ts';
import type { LocalRepository, RepositoryOptions } from './state/local-repository.ts';
import type { Limits } from './state/rate-limits.ts';

export interface LocalGithubOptions {
  /** @default the machine's clock */
  readonly now?: () => Date;
  /** @default GitHub's */
  readonly limits?: Partial<Limits>;
  /** How long the search knows nothing of what was written. @default 30 s */
  readonly searchLagMs?: number;
  /** @default a free one */
  readonly port?: number;
}

/** GitHub on this machine, on 127.0.0.1 only: the real Octokit talks to it, and its pages show what was written. */
export class LocalGithub {
  /** For clients: `http://127.0.0.1:PORT/api/v3`, as GitHub Enterprise Server has it. */
  readonly apiUrl: string;
  /** For people: the repositories, with links to everything. */
  readonly pageUrl: string;
  /** Such as `127.0.0.1:8123`. */
  readonly address: string;
  readonly #state: ServerState;
  readonly #server: Server;

  private constructor(state: ServerState, server: Server, address: string) {
    this.#state = state;
    this.#server = server;
    this.address = address;
    this.pageUrl = state.pageUrl;
    this.apiUrl = state.apiUrl;
  }

  static async start(options: LocalGithubOptions = {}): Promise<LocalGithub> {
    const { now = () => new Date(), limits = {}, searchLagMs = 30_000, port = 0 } = options;
    const state = new ServerState({ now, limits, searchLagMs });
    const app = express().disable('x-powered-by');
    app.use('/api/v3', serveApi(state));
    app.use(servePages(state));
    const server = app.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    state.pageUrl = `http://${address}`;
    state.apiUrl = `${state.pageUrl}/api/v3`;
    return new LocalGithub(state, server, address);
  }

  get faults(): GithubFaults {
    return this.#state.faults;
  }

  /** Tokens and Apps that it knows. */
  get identities(): Identities {
    return this.#state.identities;
  }

  /** Every call to the API since the start, oldest first. */
  get calls(): readonly SeenCall[] {
    return this.#state.calls;
  }

  addRepository(options: RepositoryOptions): LocalRepository {
    return this.#state.addRepository(options);
  }

  setLimits(limits: Partial<Limits>): void {
    const { limits: rates } = this.#state;
    rates.limits = { ...rates.limits, ...limits };
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
