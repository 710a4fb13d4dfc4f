import type { Clock } from '../../shared/ports/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly wake: () => void;
}

/**
 * A clock on which nobody waits: as soon as nothing else can run, it jumps to the next timer. Right only where all
 * other work is promises of this process.
 */
export class FakeClock implements Clock {
  /** Added to wall time only, as a machine's clock may be off. */
  skewMs = 0;
  #nowMs: number;
  readonly #timers: Timer[] = [];

  constructor(start = new Date('2026-03-02T09:00:00Z')) {
    this.#nowMs = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMs + this.skewMs);
  }

  /** The platform's time, whatever this machine's clock says. */
  trueNow(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#timers.push({ atMs: this.#nowMs + Math.max(0, ms), wake: resolve });
    setImmediate(() => this.#advance());
    return promise;
  }

  #advance(): void {
    const next = this.#timers.reduce<Timer | undefined>((a, b) => (a && a.atMs <= b.atMs ? a : b), undefined);
    if (!next) return;
    this.#timers.splice(this.#timers.indexOf(next), 1);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.wake();
  }
}
