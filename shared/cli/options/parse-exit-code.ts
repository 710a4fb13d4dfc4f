import { InvalidArgumentError } from 'commander';

/**
 * Parses the exit code of a command, as a shell shows it in `$?`. @throws {InvalidArgumentError} not a whole number
 * from 0 to 255
 */
export function parseExitCode(text: string): number {
  const code = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(code <= 255)) throw new InvalidArgumentError('a whole number from 0 to 255, as $? shows it');
  return code;
}
