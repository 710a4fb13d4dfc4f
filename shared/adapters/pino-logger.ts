import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import type { LogFields, Logger } from '../ports/logger.ts';

/** Cloud Logging's names for pino's levels. */
const severities: Readonly<Record<string, string>> = { info: 'INFO', warn: 'WARNING', error: 'ERROR' };

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

/** One JSON object a line, as Cloud Logging reads it. */
export class PinoLogger implements Logger {
  readonly #pino: Pino;

  private constructor(logger: Pino) {
    this.#pino = logger;
  }

  /** @param context fields for every line, asked for at each */
  static create(
    level: LogLevel,
    destination: DestinationStream,
    context: () => object = () => ({}),
  ): PinoLogger {
    const options = {
      level,
      base: null,
      messageKey: 'message',
      mixin: context,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ severity: severities[label] ?? 'DEFAULT' }) },
    };
    return new PinoLogger(pino(options, destination));
  }

  info(fields: LogFields, message: string): void {
    this.#pino.info(fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.#pino.warn(fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#pino.error(fields, message);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.#pino.child(fields));
  }
}
