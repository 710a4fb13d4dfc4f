import { z } from 'zod';
import { ConfigFileSchema } from '../../contracts/config.ts';
import type { ConfigPath } from './config-path.ts';

/**
 * The keys that may stand below `path`, without the deprecated ones: nearest first, as dotted paths relative to it
 * (`health`, `health.interval`, `services[].name`). Empty where the keys are the user's own, as in a map of headers.
 */
export function knownKeysBelow(path: ConfigPath): readonly string[] {
  let schema: unknown = ConfigFileSchema;
  for (const part of path) schema = childOf(schema, part);
  return keysOf(schema).sort((a, b) => a.split('.').length - b.split('.').length);
}

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

function childOf(schema: unknown, part: string | number): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return inner.element;
  if (inner instanceof z.ZodRecord) return inner.valueType;
  if (inner instanceof z.ZodUnion) {
    const children = inner.options.flatMap((option) => childOf(option, part) ?? []);
    return children.length > 1 ? z.union(children.filter(isSchema)) : children[0];
  }
  return inner instanceof z.ZodObject
    ? new Map<string, unknown>(Object.entries(inner.shape)).get(String(part))
    : undefined;
}

function isSchema(value: unknown): value is z.ZodType {
  return value instanceof z.ZodType;
}

function unwrap(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}
