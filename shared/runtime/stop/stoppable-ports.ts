import { TransientError } from '../../domain/errors.ts';
import type { CheckRunner } from '../../ports/check-runner.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CloudRun } from '../../ports/cloud-run.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';

/** Longer than a traffic write may take, and the record of its outcome. */
const longestCallMs = 20_000;

/**
 * Ports over which work can be stopped, as if the process had died between two of its calls: the loop recovers from
 * that at any point. Calls in progress are completed, so a traffic write is never cut off; child processes of checks
 * are ended. After that, reads of Cloud Run, sleeps and checks never return, and no traffic write begins.
 */
export class StoppablePorts {
  readonly #signal: AbortSignal;
  readonly #calls = new Set<Promise<unknown>>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  wrap<P extends Pick<Ports, 'store' | 'run' | 'checks' | 'clock'>>(ports: P): P {
    return {
      ...ports,
      store: this.#store(ports.store),
      run: this.#cloudRun(ports.run),
      checks: this.#checks(ports.checks),
      clock: this.#clock(ports.clock),
    };
  }

  /**
   * The result of some work, unless it is stopped before.
   * @param clock limits the wait for calls in progress
   * @throws the reason of the signal, once no call is in progress
   */
  async unlessStopped<T>(work: Promise<T>, clock: Clock): Promise<T> {
    const stopped = Promise.withResolvers<never>();
    const settled = new AbortController();
    const stop = async () => {
      const late = clock.sleep(longestCallMs, settled.signal).catch(() => {});
      await Promise.race([this.#settled().finally(() => settled.abort()), late]);
      stopped.reject(this.#signal.reason);
    };
    if (this.#signal.aborted) void stop();
    else this.#signal.addEventListener('abort', stop, { once: true });
    work.catch(() => {});
    stopped.promise.catch(() => {});
    try {
      return await Promise.race([work, stopped.promise]);
    } finally {
      this.#signal.removeEventListener('abort', stop);
    }
  }

  async #settled(): Promise<void> {
    // The outcome of a write is recorded by the call after it.
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#calls.size === 0) return;
      await Promise.allSettled(this.#calls);
    }
  }

  async #track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  #store(store: Store): Store {
    return {
      get: (ref) => this.#track(store.get(ref)),
      find: (query) => this.#track(store.find(query)),
      countAndSum: (collection, field) => this.#track(store.countAndSum(collection, field)),
      commit: (writes) => this.#track(store.commit(writes)),
    };
  }

  #cloudRun(run: CloudRun): CloudRun {
    return {
      getService: (ref) => this.#read(() => run.getService(ref)),
      getRevision: (ref, revision) => this.#read(() => run.getRevision(ref, revision)),
      getSettings: (ref, revision) => this.#read(() => run.getSettings(ref, revision)),
      listRevisions: (ref) => this.#read(() => run.listRevisions(ref)),
      updateTraffic: async (ref, change) => {
        // Not a lost response: the intent is recorded as not written.
        if (this.#signal.aborted) throw new TransientError('stopped before the write: nothing was sent');
        return await this.#track(run.updateTraffic(ref, change));
      },
    };
  }

  /** Not waited for: it changes nothing, and may take long where the network is down. */
  async #read<T>(call: () => Promise<T>): Promise<T> {
    return this.#signal.aborted ? await never<T>() : await call();
  }

  #checks(checks: CheckRunner): CheckRunner {
    const until = async <T>(begin: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => {
      if (this.#signal.aborted) return await never<T>();
      const result = await this.#track(begin(AbortSignal.any([signal, this.#signal])));
      return this.#signal.aborted ? await never<T>() : result;
    };
    return {
      environment: checks.environment,
      collect: (suite, target, signal) => until((both) => checks.collect(suite, target, both), signal),
      run: (batch, tell, signal) =>
        until(
          (both) => checks.run(batch, (result) => void (this.#signal.aborted || tell(result)), both),
          signal,
        ),
    };
  }

  #clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (ms, signal) => {
        if (this.#signal.aborted) return await never();
        try {
          await clock.sleep(ms, signal ? AbortSignal.any([signal, this.#signal]) : this.#signal);
        } catch (error) {
          if (signal?.aborted) throw error;
        }
        if (this.#signal.aborted) return await never();
      },
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}
