import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';

/** Checks an option's value with a schema; commander then names the option and ends with bad usage. */
export function parseOption<T>(schema: z.ZodType<T>): (value: string) => T {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues.map((issue) => issue.message).join('; '));
  };
}
