import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';
import { z } from 'zod';

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

/** Its patterns use RE2: no response can make them slow. */
function linearExpression(pattern: string): { test(text: string): boolean } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find() };
}
linearExpression.code = 'linearExpression';

/** @throws {Error} it is not a JSON Schema, or refers to another */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv({ strict: false, logger: false, code: { regExp: linearExpression } });
  formats.default(ajv);
  return ajv.compile(schema);
}
