import { z } from 'zod';
import { ConfigFileSchema } from '../../contracts/config.ts';
import type { ConfigPath } from './config-path.ts';

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

function childOf(schema: unknown, part: string | number): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return typeof part === 'number' ? inner.element : undefined;
  if (inner instanceof z.ZodRecord) return inner.valueType;
  if (inner instanceof z.ZodUnion) {
    const children = inner.options.flatMap((option) => childOf(option, part) ?? []).filter(isSchema);
    return children.length > 1 ? z.union(children) : children[0];
  }
  return inner instanceof z.ZodObject ? shapeOf(inner).get(String(part)) : undefined;
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
