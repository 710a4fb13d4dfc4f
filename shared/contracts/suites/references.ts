/** A reference to a value that is filled in when a check runs: `${NAME}`. */
const reference = /\$\{([^}]*)\}/g;

export interface Reference {
  readonly name: string;
  /** The keys and indexes from the searched value to the text. */
  readonly path: readonly (string | number)[];
}

/** All references in the texts of a value. */
export function referencesIn(value: unknown, path: readonly (string | number)[] = []): readonly Reference[] {
  if (typeof value === 'string')
    return [...value.matchAll(reference)].map(([, name = '']) => ({ name, path }));
  if (Array.isArray(value)) return value.flatMap((item, n) => referencesIn(item, [...path, n]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => referencesIn(item, [...path, key]));
}

/** Replaces the references in a text by their values. @throws {RangeError} a name has no value */
export function fillIn(
  text: string,
  values: ReadonlyMap<string, string>,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replaceAll(reference, (_whole, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new RangeError(`\${${name}} has no value`);
    return encode(value);
  });
}

const dotSegment = /^(\.|%2e){1,2}$/i;

/**
 * Replaces the references in a path. Values are escaped, so that none can change where it leads.
 * @throws {RangeError} a name has no value, or its value would make a step up or none at all
 */
export function fillInPath(path: string, values: ReadonlyMap<string, string>): string {
  const filled = fillIn(path, values, encodeURIComponent);
  if (filled !== path && filled.split('/').some((segment) => dotSegment.test(segment)))
    throw new RangeError(`${path} is not asked: with the value that was filled in it leads elsewhere`);
  return filled;
}

/** Replaces the references in all texts of a value. */
export function fillInAll<T>(value: T, values: ReadonlyMap<string, string>): T;
export function fillInAll(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return fillIn(value, values);
  if (Array.isArray(value)) return value.map((item) => fillInAll(item, values));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillInAll(item, values)]));
}
