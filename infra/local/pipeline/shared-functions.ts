import { once } from 'node:events';
import type { Server } from 'node:http';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Ports } from '../../../shared/ports/ports.ts';
import { sharePorts } from '../../../shared/runtime/function-ports.ts';
import { openJobServer } from '../../../shared/runtime/jobs/serve-jobs.ts';
import { collectResults } from '../../../shared/services/collect-results.ts';
import type { LogBuffer, LogEntry } from '../process/log-buffer.ts';
import type { FunctionHost } from './function-host.ts';
import { type FunctionName, functionNames } from './function-names.ts';

let isTaken = false;

/** All functions in this process, each with a server of its own, over the same ports. */
export class SharedFunctions implements FunctionHost {
  readonly #servers: ReadonlyMap<FunctionName, Server>;
  readonly #logs: LogBuffer;

  private constructor(servers: ReadonlyMap<FunctionName, Server>, logs: LogBuffer) {
    this.#servers = servers;
    this.#logs = logs;
  }

  /**
   * @param env what functions read when they are loaded: it stays in this process's environment
   * @param logs what the ports' logger writes to
   * @throws {TypeError} the functions of this process have their ports already
   */
  static async start(
    env: Readonly<Record<string, string>>,
    ports: Ports,
    logs: LogBuffer,
  ): Promise<SharedFunctions> {
    if (isTaken) throw new TypeError('a process has one pipeline of functions within it');
    isTaken = true;
    Object.assign(process.env, env);
    sharePorts(ports);
    const servers = new Map<FunctionName, Server>();
    for (const name of functionNames) {
      const server = await openServer(name);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.set(name, server);
    }
    return new SharedFunctions(servers, logs);
  }

  urlOf(name: FunctionName): string {
    const address = this.#servers.get(name)?.address();
    if (typeof address !== 'object' || address === null) throw new TypeError(`no function ${name}`);
    return `http://127.0.0.1:${address.port}`;
  }

  /** Of all functions: they share one log, as they share the process. */
  logs(): readonly LogEntry[] {
    return this.#logs.entries();
  }

  async kill(name: FunctionName): Promise<void> {
    throw new TypeError(`${name} has no process of its own`);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#servers.values()].map(async (server) => {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }),
    );
  }
}

/** The one of *collect-results* is its own; the functions-framework has those of the others. */
async function openServer(name: FunctionName): Promise<Server> {
  if (name === 'collect-results') return openJobServer(collectResults);
  await import(`../../../functions/${name}/index.ts`);
  return getTestServer(name);
}
