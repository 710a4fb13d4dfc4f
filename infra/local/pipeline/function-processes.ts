import { fileURLToPath } from 'node:url';
import type { Container } from '../process/container.ts';
import type { LogEntry } from '../process/log-buffer.ts';
import { OrphanGuard } from '../process/orphan-guard.ts';
import { RevisionRuntime } from '../process/revision-runtime.ts';
import { type ProfileName, profiles } from '../profile.ts';
import { FrontProxy } from '../proxy/front-proxy.ts';
import { Router } from '../proxy/router.ts';
import { SeededRandom } from '../seeded-random.ts';
import { Timers } from '../timers.ts';
import type { FunctionHost } from './function-host.ts';
import { type FunctionName, functionNames } from './function-names.ts';

const root = new URL('../../../', import.meta.url);
const framework = fileURLToPath(
  new URL('node_modules/@google-cloud/functions-framework/build/src/main.js', root),
);
const keepCompiled = new URL('infra/local/pipeline/keep-compiled.ts', root).href;
const source = fileURLToPath(new URL('functions', root));
/** A dozen processes that start together on a busy machine. */
const startTimeoutMs = 60_000;
/** From SIGTERM to SIGKILL, as in Cloud Run. */
const graceMs = 10_000;

export interface ProcessOptions {
  readonly profile: ProfileName;
  readonly minInstances: number;
  /** Started by their first request only. */
  readonly cold: readonly FunctionName[];
}

type EnvironmentOf = (name: FunctionName, url: string) => Readonly<Record<string, string>>;

/** A function as the framework runs it. @param env what the deployment sets */
export function functionContainer(name: FunctionName, env: Readonly<Record<string, string>>): Container {
  const args = [`--import=${keepCompiled}`, framework, `--source=${source}`, `--target=${name}`];
  return { command: process.execPath, args, env: { FUNCTION_TARGET: name, ...env } };
}

/** Each function in a process of its own, behind a front that starts it, and starts it again: as in Cloud Run. */
export class FunctionProcesses implements FunctionHost {
  readonly #port: number;
  readonly #proxy: FrontProxy;
  readonly #timers: Timers;
  readonly #guard: OrphanGuard;
  readonly #runtimes: ReadonlyMap<FunctionName, RevisionRuntime>;

  private constructor(environmentOf: EnvironmentOf, options: ProcessOptions, front: Front) {
    this.#port = front.port;
    this.#proxy = front.proxy;
    this.#timers = new Timers();
    this.#guard = new OrphanGuard();
    const shared = {
      // Whoever calls a function that has crashed gets a new process, for as long as they call.
      profile: { ...profiles[options.profile], maxRestarts: Number.POSITIVE_INFINITY },
      timers: this.#timers,
      guard: this.#guard,
      startTimeoutMs,
      minInstances: options.minInstances,
      platformEnv: {},
    };
    this.#runtimes = new Map(
      functionNames.map((name) => {
        const container = functionContainer(name, environmentOf(name, this.urlOf(name)));
        const random = new SeededRandom(1).fork(name);
        return [name, new RevisionRuntime({ ...shared, container, containerName: name, random })];
      }),
    );
    for (const [name, runtime] of this.#runtimes) {
      const table = { weights: [{ target: runtime, percent: 100 }], tags: new Map() };
      front.router.publish(name, table, { propagationMs: 0, tagLagMs: 0 });
    }
  }

  /** Resolves when all of them listen but the cold ones. @throws {Error} one did not; with what it printed */
  static async start(environmentOf: EnvironmentOf, options: ProcessOptions): Promise<FunctionProcesses> {
    const processes = new FunctionProcesses(environmentOf, options, await openFront());
    try {
      await processes.#start(options.cold);
      return processes;
    } catch (error) {
      await processes.close();
      throw error;
    }
  }

  urlOf(name: FunctionName): string {
    return `http://${name}.localhost:${this.#port}`;
  }

  logs(name: FunctionName): readonly LogEntry[] {
    return this.#runtime(name).logs.entries();
  }

  async kill(name: FunctionName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const runtime = this.#runtime(name);
    await (signal === 'SIGKILL' ? runtime.kill() : runtime.retireInstance(graceMs));
  }

  async close(): Promise<void> {
    this.#timers.stop();
    await this.#proxy.close();
    await Promise.all([...this.#runtimes.values()].map((runtime) => runtime.stop(0)));
    await this.#guard.close();
  }

  async #start(cold: readonly FunctionName[]): Promise<void> {
    await Promise.all(
      [...this.#runtimes].map(async ([name, runtime]) => {
        if (cold.includes(name) || (await runtime.start())) return;
        const printed = this.logs(name).map(({ text }) => text);
        throw new Error(`function ${name} did not start:\n${printed.join('\n')}`);
      }),
    );
  }

  #runtime(name: FunctionName): RevisionRuntime {
    const runtime = this.#runtimes.get(name);
    if (runtime === undefined) throw new TypeError(`no function ${name}`);
    return runtime;
  }
}

interface Front {
  readonly router: Router<RevisionRuntime>;
  readonly proxy: FrontProxy;
  readonly port: number;
}

/** Cloud Run's own check of the caller is not played: pushes come with the token as the container gets to see it. */
async function openFront(): Promise<Front> {
  const router = new Router<RevisionRuntime>(new SeededRandom(1));
  const proxy = new FrontProxy({ router, audiencesOf: () => undefined });
  return { router, proxy, port: await proxy.listen(0) };
}
