import { z } from 'zod';
import { describeError } from '../../domain/errors.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { readTextFile } from './read-text-file.ts';

/** Enough for hundreds of thousands of tests. */
const maxMebibytes = 64;

/** A map, since a plain object would lose a test whose name is that of an inherited property. */
const TimingsSchema = z.map(z.string(), z.number().min(0));

/**
 * Reads test durations: a JSON map from test to seconds.
 * @throws {BadInputError} with the file, and the line or the test
 */
export async function readTimings(file: string, cwd: string): Promise<ReadonlyMap<string, number>> {
  const value = parseJson(await readTextFile(file, cwd, maxMebibytes), file);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const parsed = TimingsSchema.safeParse(isObject ? new Map(Object.entries(value)) : value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.length ? `${file}: ${JSON.stringify(issue.path[0])}` : file;
    throw new BadInputError(
      `${place}: seconds must be a number of at least 0; expected {"test": seconds, …}`,
    );
  }
  const timings = parsed.data;
  if (timings.has('')) throw new BadInputError(`${file}: a test has no name`);
  if (timings.size === 0) throw new BadInputError(`${file} contains no test`);
  return timings;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's message quotes part of the file, line ends included.
    const why = describeError(cause).replace(/\s+/g, ' ');
    throw new BadInputError(`${file} is not JSON: ${why}`, { cause });
  }
}
