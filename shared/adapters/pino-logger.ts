import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import { hideSecrets } from '../domain/redaction/hide-secrets.ts';
import { visible } from '../domain/render/visible.ts';
import type { LogFields, Logger } from '../ports/logger.ts';
import { logValue } from './log-value.ts';

/** Cloud Logging's names for pino's levels. */
const severities: Readonly<Record<string, string>> = { info: 'INFO', warn: 'WARNING', error: 'ERROR' };

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

/** What only the logger itself says: a field from outside must not say it again. */
const ownNames: readonly string[] = ['severity', 'time', 'message'];

/** One JSON object a line, as Cloud Logging reads it, without secrets and characters that a terminal interprets. */
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
      // An error has been reduced already.
      serializers: { err: (value: unknown) => value },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ severity: severities[label] ?? 'DEFAULT' }) },
    };
    const sink = { write: (line: string) => void destination.write(visible(line)) };
    return new PinoLogger(pino(options, sink));
  }

  info(fields: LogFields, message: string): void {
    this.#pino.info(shown(fields), hideSecrets(message));
  }

  warn(fields: LogFields, message: string): void {
    this.#pino.warn(shown(fields), hideSecrets(message));
  }

  error(fields: LogFields, message: string): void {
    this.#pino.error(shown(fields), hideSecrets(message));
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.#pino.child(shown(fields)));
  }
}

function shown(fields: LogFields): object {
  return Object.fromEntries(
    Object.entries(logValue(fields) as LogFields).map(([name, value]) => [
      ownNames.includes(name) ? `_${name}` : name,
      value,
    ]),
  );
}
