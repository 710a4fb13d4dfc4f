import { RE2JS } from 're2js';
import { z } from 'zod';

/** A regular expression of the config: RE2's syntax, which no text can make slow. */
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

/** Whether a text holds what `pattern` says, anywhere. */
export function matchesExpression(text: string, pattern: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}
