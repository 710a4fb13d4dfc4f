import { query } from 'jsonpath-rfc9535';
import { z } from 'zod';
import { RegularExpressionSchema } from './regular-expression.ts';

export const JsonPathSchema = z
  .string()
  .max(1_000)
  .superRefine((path, context) => {
    try {
      query(null, path);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'not a JSONPath';
      context.addIssue({ code: 'custom', message: `not a JSONPath of RFC 9535: ${message}` });
    }
  });

/** A condition on the values that a JSONPath finds. */
export const JsonExpectationSchema = z
  .strictObject({
    path: JsonPathSchema,
    /** Whether the path finds a value. */
    exists: z.boolean().optional(),
    /** At least one value is equal. */
    equals: z.json().optional(),
    /** At least one value contains this: maps may have more keys. */
    contains: z.json().optional(),
    /** At least one text matches. */
    matches: RegularExpressionSchema.optional(),
  })
  .refine(
    ({ path: _path, ...wanted }) => Object.values(wanted).filter((value) => value !== undefined).length === 1,
    'write one of exists, equals, contains and matches',
  );
export type JsonExpectation = z.infer<typeof JsonExpectationSchema>;
