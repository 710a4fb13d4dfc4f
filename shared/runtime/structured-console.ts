import { hideSecrets } from '../domain/redaction/hide-secrets.ts';
import type { Logger } from '../ports/logger.ts';

const maxLength = 1_000;

/** The methods of `console` that print. */
export type Printer = Pick<Console, 'error' | 'warn' | 'log' | 'info' | 'debug'>;

/**
 * The framework and its libraries print with `console`: many lines, and the whole body of a refused request. From here
 * on each call prints one log line without any content of a request.
 */
export function structureConsole(printer: Printer, log: Logger): void {
  const error = (...values: readonly unknown[]) => {
    const lines = values.flatMap((value) => hideSecrets(textOf(value)).split('\n'));
    const isFrame = (line: string) => /^\s+at /.test(line);
    const message = lines.filter((line) => line.trim() !== '' && !isFrame(line)).join('; ');
    const stack = lines.filter(isFrame).map((line) => line.trim());
    log.error({ code: 'framework', ...(stack.length > 0 && { stack }) }, message.slice(0, maxLength));
  };
  const info = (...values: readonly unknown[]) => {
    log.info({ code: 'framework' }, hideSecrets(values.map(String).join(' ')).slice(0, maxLength));
  };
  Object.assign(printer, { error, warn: error, log: info, info, debug: info });
}

/** The text of an error may quote what could not be parsed; its type, if the body parser gives one, does not. */
function textOf(value: unknown): string {
  if (!(value instanceof Error)) return String(value);
  if (!('type' in value)) return value.stack ?? String(value);
  const frames = (value.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${value.name}: ${value.type}`, ...frames].join('\n');
}
