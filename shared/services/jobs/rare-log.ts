import type { Clock } from '../../ports/clock.ts';
import type { LogFields, Logger } from '../../ports/logger.ts';

const everyMs = 60_000;

/**
 * Logs what anybody can cause as often as they like: of each kind one line a minute, which says how many there were
 * since the line before.
 */
export class RareLog {
  readonly #log: Logger;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #kinds = new Map<string, { readonly atMs: number; more: number }>();

  constructor(log: Logger, clock: Pick<Clock, 'monotonicMs'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param kind one of few; all of them are kept */
  warn(kind: string, fields: LogFields, message: string): void {
    this.#tell('warn', kind, fields, message);
  }

  error(kind: string, fields: LogFields, message: string): void {
    this.#tell('error', kind, fields, message);
  }

  #tell(level: 'warn' | 'error', kind: string, fields: LogFields, message: string): void {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#kinds.get(kind);
    if (last && nowMs < last.atMs + everyMs) {
      last.more++;
      return;
    }
    this.#kinds.set(kind, { atMs: nowMs, more: 0 });
    this.#log[level]({ ...fields, ...(last?.more && { more: last.more }) }, message);
  }
}
