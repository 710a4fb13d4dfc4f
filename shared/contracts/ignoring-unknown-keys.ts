import { z } from 'zod';

/** The keys of the object at `path` that its schema does not know. */
interface UnknownKeys {
  readonly path: readonly PropertyKey[];
  readonly keys: readonly string[];
}

/**
 * For values that a newer version may have stored: keys that `schema` does not know are left out, at any depth.
 * Everything else stays strict: an unknown value is never guessed.
 */
export function ignoringUnknownKeys<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.unknown().transform((stored, context) => {
    for (let known = stored; ; ) {
      const parsed = schema.safeParse(known);
      if (parsed.success) return parsed.data;
      const { issues } = parsed.error;
      const unknown = issues.flatMap(unknownKeysOf);
      if (unknown.length === 0) {
        for (const { path, message } of issues) context.addIssue({ code: 'custom', path, message });
        return z.NEVER;
      }
      known = withoutKeys(known, unknown);
    }
  });
}

function unknownKeysOf(issue: z.core.$ZodIssue): readonly UnknownKeys[] {
  if (issue.code === 'unrecognized_keys') return [issue];
  if (issue.code !== 'invalid_union') return [];
  const fitting = issue.errors
    .filter((issues) => issues.every((inner) => unknownKeysOf(inner).length > 0))
    .map((issues) => issues.flatMap(unknownKeysOf));
  // If two alternatives would match without their unknown keys, neither can be the intended one.
  const [meant = [], ...others] = fitting;
  return others.length > 0 ? [] : meant.map(({ path, keys }) => ({ path: [...issue.path, ...path], keys }));
}

function withoutKeys(value: unknown, unknown: readonly UnknownKeys[]): unknown {
  const rest = structuredClone(value);
  for (const { path, keys } of unknown) {
    const holder = path.reduce((inner: unknown, part) => Reflect.get(Object(inner), part), rest);
    for (const key of keys) Reflect.deleteProperty(Object(holder), key);
  }
  return rest;
}
