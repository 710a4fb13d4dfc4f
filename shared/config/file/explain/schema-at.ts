import { z } from 'zod';
import { ConfigFileSchema } from '../../../contracts/config.ts';
import type { ConfigPath } from '../config-path.ts';

/** The schema of the value at a place of a config file; undefined: no key has this name. */
export function schemaAt(path: ConfigPath): unknown {
  return path.reduce<unknown>(childOf, ConfigFileSchema);
}

/** Of several kinds of a map, the one that a value says to be of. @returns the schema itself where there is one kind */
export function kindOf(
  schema: unknown,
  value: unknown,
): { readonly schema: unknown; readonly name?: string } {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return { schema: inner };
  const { discriminator } = inner.def;
  const name = new Map<string, unknown>(Object.entries(Object(value))).get(discriminator);
  const own = inner.options.find((option) => {
    const literal = shapeOf(option).get(discriminator);
    return isSchema(literal) && literal.safeParse(name).success;
  });
  return own ? { schema: own, name: String(name) } : { schema: inner };
}

/** The schemas of the keys of a map; empty where they are the user's own, as in a map of headers. */
export function shapeOf(schema: unknown): ReadonlyMap<string, unknown> {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return new Map(inner.options.flatMap((option) => [...shapeOf(option)]));
  return new Map(inner instanceof z.ZodObject ? Object.entries(inner.shape) : []);
}

/** The keys that all kinds of a map have. */
export function commonKeys(schema: unknown): readonly string[] {
  const inner = unwrap(schema);
  const [first, ...others] = inner instanceof z.ZodUnion ? inner.options.map(shapeOf) : [];
  return [...(first?.keys() ?? [])].filter((key) => others.every((shape) => shape.has(key)));
}

/** A file may have a fault in each of thousands of entries, and a union of maps is made anew for each part. */
const children = new WeakMap<object, Map<string, unknown>>();

function childOf(schema: unknown, part: string | number): unknown {
  const inner = unwrap(schema);
  if (!isSchema(inner)) return undefined;
  const known = children.get(inner) ?? new Map<string, unknown>();
  children.set(inner, known);
  const key = typeof part === 'number' ? '[]' : `.${part}`;
  if (known.has(key)) return known.get(key);
  const child = makeChild(inner, part);
  if (child !== undefined) known.set(key, child);
  return child;
}

function makeChild(schema: z.ZodType, part: string | number): unknown {
  if (schema instanceof z.ZodArray) return typeof part === 'number' ? schema.element : undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodUnion) {
    const options = schema.options.flatMap((option) => childOf(option, part) ?? []).filter(isSchema);
    return options.length > 1 ? z.union(options) : options[0];
  }
  return shapeOf(schema).get(String(part));
}

export function isSchema(value: unknown): value is z.ZodType {
  return value instanceof z.ZodType;
}

/** Without what makes it optional or gives it a default. */
export function unwrap(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}
