import { RE2JS } from 're2js';
import { z } from 'zod';

/** A regular expression of the config, in RE2 syntax: no text can make it slow. */
export const RegularExpressionSchema = z
  .string()
  .min(1)
  .max(1_000)
  .superRefine((pattern, context) => {
    try {
      RE2JS.compile(pattern);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'not a regular expression';
      context.addIssue({ code: 'custom', message: `${message} (RE2 syntax, without look-around)` });
    }
  });

/** Whether `pattern` matches anywhere in a text. */
export function matchesExpression(text: string, pattern: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}
