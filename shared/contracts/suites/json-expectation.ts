import { z } from 'zod';
import { parseJsonPath } from '../json-path/parse-json-path.ts';
import { RegularExpressionSchema } from './regular-expression.ts';

export const JsonPathSchema = z
  .string()
  .max(1_000)
  .startsWith('$', { error: 'a JSONPath starts with $', abort: true })
  .superRefine((path, context) => {
    try {
      parseJsonPath(path);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'not a JSONPath';
      context.addIssue({ code: 'custom', message: `not a JSONPath of RFC 9535: ${message}` });
    }
  });

const hint =
  'write conditions such as `- path: $.status` with one of exists, equals, contains, matches and oneOf';

/** What must hold for the values that a JSONPath finds. */
export const JsonExpectationSchema = z
  .strictObject(
    {
      path: JsonPathSchema,
      /** One value at least is there, or none. */
      exists: z.boolean().optional(),
      /** One value at least is equal. */
      equals: z.json().optional(),
      /** One value at least holds this: maps may have more keys. */
      contains: z.json().optional(),
      /** One text at least matches. */
      matches: RegularExpressionSchema.optional(),
      /** One value at least is equal to one of these. */
      oneOf: z.array(z.json()).min(1).max(100).optional(),
    },
    { error: ({ code }) => (code === 'invalid_type' ? hint : undefined) },
  )
  .refine(
    ({ path: _path, ...wanted }) => Object.values(wanted).filter((value) => value !== undefined).length === 1,
    'write one of exists, equals, contains, matches and oneOf',
  );
export type JsonExpectation = z.infer<typeof JsonExpectationSchema>;
