import { z } from 'zod';
import { compileSchema } from './compile-schema.ts';

/** A JSON Schema of the config; it must not refer to other schemas. */
export const JsonSchemaSchema = z.record(z.string(), z.json()).superRefine((schema, context) => {
  try {
    compileSchema(schema);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof Error ? error.message : 'not a JSON Schema',
    });
  }
});
export type JsonSchema = z.infer<typeof JsonSchemaSchema>;
