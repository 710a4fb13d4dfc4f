import { InvalidArgumentError } from 'commander';

/** Parses the maximum number of rows. @throws {InvalidArgumentError} not a whole number from 1 to 100 */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new InvalidArgumentError('a whole number from 1 to 100');
  return limit;
}
