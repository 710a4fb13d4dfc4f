import type { Profile } from '../profile.ts';
import type { ServedRequest } from '../proxy/served-request.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Timers } from '../timers.ts';
import type { Container } from './container.ts';
import type { Instance } from './instance.ts';
import { LogBuffer, type LogEntry } from './log-buffer.ts';
import type { OrphanGuard } from './orphan-guard.ts';
import { startInstance } from './start-instance.ts';

export interface RuntimeOptions {
  readonly container: Container;
  readonly containerName: string;
  readonly platformEnv: Readonly<Record<string, string>>;
  readonly startTimeoutMs: number;
  /** 1 or more: never scaled to zero. */
  readonly minInstances: number;
  readonly profile: Profile;
  readonly timers: Timers;
  readonly random: SeededRandom;
  readonly guard: OrphanGuard;
  /** Who else is told of every line of the container and of the platform about it. */
  readonly onLine?: (entry: LogEntry) => void;
  /** Who is told of every request that was meant for this revision, when it has ended. */
  readonly onRequest?: (request: ServedRequest) => void;
}

/** The right to send one request to an instance. */
export interface Lease {
  readonly port: number;
  /** To be called once. @param answered false: the connection to the instance broke */
  release(answered: boolean): void;
}

/** Why a request got no instance. */
export type Unavailable = 'crashed' | 'cannot-start';

/** Keeps at most one instance of a revision: starts, freezes, idles, restarts and stops it. */
export class RevisionRuntime {
  readonly logs: LogBuffer;
  readonly #options: RuntimeOptions;
  #instance: Instance | undefined;
  #starting: Promise<Instance | undefined> | undefined;
  #inFlight = 0;
  /** Starts after a crash or a failed start, since the last good answer. */
  #restarts = 0;
  /** True: the platform itself stopped the instance, so its next start is no restart. */
  #idle = false;
  /** Counts requests, so that an idle timer can tell whether one came meanwhile. */
  #requests = 0;
  readonly #stopped = new AbortController();

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.logs = new LogBuffer(options.onLine);
  }

  /** The first start, as a part of the deploy. @returns false when the container never listened */
  async start(): Promise<boolean> {
    const started = (await this.#start()) !== undefined;
    if (started) this.#rest();
    return started;
  }

  /** For one request: wakes, starts or restarts the instance if need be. */
  async acquire(): Promise<Lease | Unavailable> {
    this.#requests++;
    this.#inFlight++;
    const instance = await this.#instanceForRequest();
    if (typeof instance === 'string') {
      this.#inFlight--;
      return instance;
    }
    if (this.#options.profile.freezeIdle) instance.signal('SIGCONT');
    return {
      port: instance.port,
      release: (answered) => {
        this.#inFlight--;
        if (answered) this.#restarts = 0;
        if (this.#inFlight === 0) this.#rest();
      },
    };
  }

  /** The front end has seen a request end. */
  served(request: ServedRequest): void {
    this.#options.onRequest?.(request);
  }

  /** A crash from outside: out of memory, say. Resolves when the process is gone. */
  async kill(): Promise<void> {
    await this.#instance?.stop(0);
  }

  /**
   * The platform takes its instance away, as when it scales in: SIGTERM, then SIGKILL after `graceMs`. Who asks
   * meanwhile gets another. Resolves when it is gone.
   */
  async retireInstance(graceMs: number): Promise<void> {
    const instance = this.#instance;
    this.#instance = undefined;
    this.#idle = true;
    await instance?.stop(graceMs);
  }

  /** Ends the instance for good. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped.abort();
    await this.#starting;
    await this.#instance?.stop(graceMs);
  }

  async #instanceForRequest(): Promise<Instance | Unavailable> {
    if (this.#instance?.running) return this.#instance;
    if (this.#starting === undefined) {
      if (this.#stopped.signal.aborted) return 'cannot-start';
      if (!this.#idle && ++this.#restarts > this.#options.profile.maxRestarts) return 'crashed';
    }
    return (
      (await this.#start(this.#options.random.between(this.#options.profile.coldStartMs))) ?? 'cannot-start'
    );
  }

  /** One start at a time; whoever asks meanwhile waits for it. */
  #start(extraMs = 0): Promise<Instance | undefined> {
    this.#starting ??= this.#startNow(extraMs).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #startNow(extraMs: number): Promise<Instance | undefined> {
    if (extraMs > 0) await this.#options.timers.delay(extraMs).catch(() => {});
    const { signal } = this.#stopped;
    const instance = signal.aborted
      ? undefined
      : await startInstance({ ...this.#options, logs: this.logs, signal });
    this.#instance = instance;
    this.#idle = false;
    return instance;
  }

  #rest(): void {
    const { profile, timers, minInstances } = this.#options;
    if (profile.freezeIdle && this.#instance?.running) this.#instance.signal('SIGSTOP');
    if (profile.idleMs === undefined || minInstances > 0) return;
    const requests = this.#requests;
    timers.after(profile.idleMs, () => {
      if (this.#requests !== requests || this.#instance === undefined) return;
      void this.retireInstance(profile.shutdownGraceMs);
    });
  }
}
