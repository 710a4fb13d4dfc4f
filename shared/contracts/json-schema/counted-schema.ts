import traverse, { type Callback } from 'json-schema-traverse';
import type { Json } from '../../domain/json.ts';

type Schema = { readonly [key: string]: Json };

/** The keyword that counts the work of a subschema. Its value is the number of steps. */
export const workKeyword = 'x-deploy-loop-work';

/** The time of compiling grows faster than their number. */
const maxSubschemas = 500;

/** What does not keep to such a subschema goes on to be judged, and its error was made in vain. */
const attempts: readonly (string | undefined)[] = ['anyOf', 'oneOf', 'not', 'if', 'contains'];

interface Subschema {
  readonly schema: { [key: string]: unknown };
  readonly isAttempt: boolean;
  /** JSON values and keys in it; those of subschemas count in these. */
  size: number;
}

/** A copy in which each subschema counts its work. @throws {Error} it is too large, or refers to what is no schema */
export function countedSchema(schema: Schema): Schema {
  const copy = JSON.parse(JSON.stringify(schema)) as Schema;
  const subschemas = new Map<object, Subschema>();
  const pointers = new Set<string>();
  const note: Callback = (schema, pointer, _root, _parentPointer, keyword, parent) => {
    const size = sizeOf(schema);
    const outer = parent && subschemas.get(parent);
    if (outer) outer.size -= size;
    subschemas.set(schema, { schema, isAttempt: attempts.includes(keyword), size });
    pointers.add(`#${pointer}`);
  };
  traverse(copy, { cb: note });
  if (subschemas.size > maxSubschemas)
    throw new Error(`use at most ${maxSubschemas} subschemas: this schema has ${subschemas.size}`);
  for (const { schema, size, isAttempt } of subschemas.values()) {
    const { $ref: to } = schema;
    if (typeof to === 'string' && to.startsWith('#/') && !pointers.has(decodeURIComponent(to)))
      throw new Error(`$ref: there is no schema at ${to}`);
    // Measured: all are compiled to one function, which is the slower the larger it is.
    schema[workKeyword] = size / 10 + ((isAttempt ? 80 : 1) * Math.max(subschemas.size, 5)) / 200;
  }
  return copy;
}

function sizeOf(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + sizeOf(item), 1);
}
