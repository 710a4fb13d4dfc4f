import type { Config } from '../../../shared/contracts/config.ts';
import { buildTopic } from '../../../shared/contracts/topics.ts';
import type { ConfigDigest } from '../../../shared/domain/ids.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import { applyConfig } from '../../../shared/services/apply-config.ts';
import { LogBuffer, type LogEntry } from '../process/log-buffer.ts';
import { LocalPubsub } from '../pubsub/local-pubsub.ts';
import { Timers } from '../timers.ts';
import { askFunction, type FunctionAnswer, type FunctionRequest } from './ask-function.ts';
import { connectTopics } from './connect-topics.ts';
import { commonEnvironment, functionEnvironment } from './function-environment.ts';
import type { FunctionHost } from './function-host.ts';
import { type FunctionName, functionNames } from './function-names.ts';
import { FunctionProcesses } from './function-processes.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import { openPipelinePorts, type PipelinePorts } from './pipeline-ports.ts';
import { SharedFunctions } from './shared-functions.ts';

interface PipelineParts {
  readonly options: PipelineOptions;
  readonly pubsub: LocalPubsub;
  readonly own: PipelinePorts;
  readonly host: FunctionHost;
}

/** The loop as it is deployed, on this machine: topics, push subscriptions, functions, a database. */
export class LocalPipeline implements AsyncDisposable {
  readonly pubsub: LocalPubsub;
  /** The same store, bus and clients as the functions have, for whoever wants to look or to publish. */
  readonly ports: Ports;
  readonly #own: PipelinePorts;
  readonly #host: FunctionHost;
  readonly #timers = new Timers();
  readonly #stopListening: () => void;
  #stopped: Promise<void> | undefined;

  private constructor({ options, pubsub, own, host }: PipelineParts) {
    this.pubsub = pubsub;
    this.ports = own.ports;
    this.#own = own;
    this.#host = host;
    this.#stopListening = options.cloud.messages.onMessage(({ data, attributes }) => {
      pubsub.publish(buildTopic, { data: Buffer.from(data, 'base64'), attributes: { ...attributes } });
    });
    if (options.sweepEveryMs !== undefined) this.#sweepEvery(options.sweepEveryMs);
  }

  /**
   * Resolves when every function is ready.
   * @throws {TypeError} the options do not fit together
   * @throws {Error} a function did not start; with what it printed
   */
  static async start(options: PipelineOptions): Promise<LocalPipeline> {
    checkOptions(options);
    const { cloud, projectId, profile = 'fast', pubsub: overrides = {} } = options;
    const pubsub = await LocalPubsub.start({ projectId, profile, overrides });
    const env = commonEnvironment(cloud, pubsub, options);
    const logs = new LogBuffer();
    const own = openPipelinePorts(env, logs);
    try {
      const host = options.processes
        ? await FunctionProcesses.start(
            (name, url) => ({ ...env, ...functionEnvironment(name, url, options) }),
            { profile, minInstances: options.minInstances ?? 0, cold: options.cold ?? [] },
          )
        : await SharedFunctions.start(env, own.ports, logs);
      connectTopics(pubsub, host, options);
      return new LocalPipeline({ options, pubsub, own, host });
    } catch (error) {
      await Promise.all([pubsub.stop(), own.close()]);
      throw error;
    }
  }

  /** Puts a config in force and has what serves verified. Resolves when they are. */
  async applyConfig(config: Config, digest: ConfigDigest): Promise<void> {
    await applyConfig(config, digest, this.ports);
    await this.idle();
  }

  /** A tick of the clock. Resolves when it is published. */
  async sweep(): Promise<void> {
    await this.ports.bus.publish('sweep-stale-runs', {});
  }

  /** Resolves as soon as no message is outstanding. */
  async idle(): Promise<void> {
    await this.pubsub.idle();
  }

  /** Ends a function's process; the next message starts another. Resolves when it is gone. */
  async kill(name: FunctionName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.#host.kill(name, signal);
  }

  urlOf(name: FunctionName): string {
    return this.#host.urlOf(name);
  }

  /** A request of a function's, from outside. */
  async ask(name: FunctionName, request: FunctionRequest): Promise<FunctionAnswer> {
    return await askFunction(this.urlOf(name), request);
  }

  /** The newest lines of one function, oldest first; of all, where they share a process. */
  logs(name: FunctionName): readonly LogEntry[] {
    return this.#host.logs(name);
  }

  /** What all functions printed; lines of the platform about them are left out. */
  printed(): readonly string[] {
    const entries = new Set(functionNames.flatMap((name) => this.logs(name)));
    return [...entries].filter(({ stream }) => stream !== 'platform').map(({ text }) => text);
  }

  /** Ends every process, server and delay of this pipeline. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #close(): Promise<void> {
    this.#stopListening();
    this.#timers.stop();
    await this.pubsub.stop();
    await this.#host.close();
    await this.#own.close();
  }

  #sweepEvery(ms: number): void {
    this.#timers.after(ms, () => {
      this.#sweepEvery(ms);
      // A tick that is lost is made up for by the next one.
      this.sweep().catch(() => {});
    });
  }
}

function checkOptions({ processes, firestoreHost, auth }: PipelineOptions): void {
  if (processes && firestoreHost === undefined)
    throw new TypeError('functions in processes of their own need a Firestore that they share');
  if (!processes && firestoreHost !== undefined)
    throw new TypeError('functions in one process keep their records in memory');
  if (!processes && auth === 'iam')
    throw new TypeError('functions in one process have no audience of their own');
}
