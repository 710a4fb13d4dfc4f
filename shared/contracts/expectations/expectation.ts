import { z } from 'zod';
import { PositiveDurationSchema } from '../duration.ts';
import { JsonSchemaSchema } from '../json-schema/json-schema.ts';
import { JsonExpectationSchema } from '../suites/json-expectation.ts';
import { RegularExpressionSchema } from '../suites/regular-expression.ts';
import { HeaderNameSchema } from './header.ts';

const StatusSchema = z.union([
  z.int().min(100).max(599),
  z.string().regex(/^[1-5]xx$/, 'write a status such as 204, without quotes, or a class such as 2xx'),
]);

/** A status, a class of them (`2xx`), or a list of both. */
const StatusesSchema = z.union(
  [StatusSchema, z.array(StatusSchema).min(1).max(20)],
  'write a status such as 204, a class such as 2xx, or a list of both',
);
export type Statuses = z.infer<typeof StatusesSchema>;

/** Conditions on what JSONPaths find; or else what the body holds at least: a map may have more keys. */
const JsonBodySchema = z.union([
  z.array(JsonExpectationSchema).max(100),
  z.record(z.string(), z.json()),
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);

/** What a response has to be like; what is absent may be anything. */
export const expectation = {
  status: StatusesSchema.optional(),
  /** Header values, compared without case. */
  headers: z.record(HeaderNameSchema, z.string()).default({}),
  json: JsonBodySchema.optional(),
  /** A JSON Schema that the body keeps to. */
  schema: JsonSchemaSchema.optional(),
  body: z
    .strictObject({
      contains: z.string().min(1).max(10_000).optional(),
      matches: RegularExpressionSchema.optional(),
    })
    .optional(),
  /** The slowest response that is still good. */
  latency: PositiveDurationSchema.optional(),
} as const;
export const ExpectationSchema = z.strictObject(expectation);
export type Expectation = z.infer<typeof ExpectationSchema>;

/** True: the body has to be read for it. */
export function asksForBody({ json, schema, body }: Partial<Expectation>): boolean {
  return (
    (json !== undefined && !(Array.isArray(json) && json.length === 0)) ||
    schema !== undefined ||
    body !== undefined
  );
}
