import { z } from 'zod';
import type { ConfigPath } from '../config-path.ts';
import { isSchema, schemaAt, unwrap } from './schema-at.ts';

/** The keys that may stand below `path`: see `keysBelow`. */
export function knownKeysBelow(path: ConfigPath): readonly string[] {
  return keysBelow(schemaAt(path));
}

/**
 * The keys that may stand in a value of a schema, without the deprecated ones: nearest first, as dotted paths relative to
 * it (`health`, `health.interval`, `services[].name`). Empty where the keys are the user's own, as in a map of headers.
 */
export function keysBelow(schema: unknown): readonly string[] {
  if (!isSchema(schema)) return [];
  const known = found.get(schema) ?? keysOf(schema).sort((a, b) => a.split('.').length - b.split('.').length);
  found.set(schema, known);
  return known;
}
const found = new WeakMap<z.ZodType, readonly string[]>();

function keysOf(schema: unknown): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return [...new Set(inner.options.flatMap(keysOf))];
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([key, value]) => {
    const element = unwrap(value);
    if (isSchema(element) && element.meta()?.deprecated === true) return [];
    const list = [element, ...(element instanceof z.ZodUnion ? element.options.map(unwrap) : [])].find(
      (one) => one instanceof z.ZodArray,
    );
    const isList = list !== undefined;
    const below = keysOf(list ? list.element : element);
    return [key, ...below.map((path) => `${key}${isList ? '[]' : ''}.${path}`)];
  });
}
