import type { Clock } from '../../ports/clock.ts';

/** Keeps the looks of one process apart, by a monotonic clock: the store's and the machine's clocks may disagree. */
export class Pacer {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  #lookedMs: number | undefined;

  /** @param taken true: another process has looked before, perhaps just now */
  constructor(taken: boolean, { clock }: { readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'> }) {
    this.#clock = clock;
    if (taken) this.looked();
  }

  /** A look has ended. */
  looked(): void {
    this.#lookedMs = this.#clock.monotonicMs();
  }

  /** Waits until `pauseMs` have passed since the last look. */
  async sleep(pauseMs: number): Promise<void> {
    if (this.#lookedMs === undefined) return;
    await this.#clock.sleep(Math.max(0, this.#lookedMs + pauseMs - this.#clock.monotonicMs()));
  }
}
