import { setMaxListeners } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** The delays of one local cloud, all of which end when it stops. */
export class Timers {
  readonly #stop = new AbortController();

  constructor() {
    setMaxListeners(0, this.#stop.signal);
  }

  /** Aborted when the cloud stops. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Never ends early by `performance.now()`.
   *
   * @param ms 0 or less: the next turn of the event loop
   * @throws {Error} (AbortError) the cloud stopped
   */
  async delay(ms: number): Promise<void> {
    const { signal } = this.#stop;
    if (ms <= 0) return await setImmediate(undefined, { signal });
    const endMs = performance.now() + ms;
    // A timer of Node counts whole milliseconds, and may fire up to one too soon.
    for (let leftMs = ms; leftMs > 0; leftMs = endMs - performance.now())
      await setTimeout(leftMs, undefined, { signal });
  }

  /** Runs `action` later, unless the cloud stops before. */
  after(ms: number, action: () => void): void {
    this.delay(ms).then(action, () => {});
  }

  stop(): void {
    this.#stop.abort();
  }
}
