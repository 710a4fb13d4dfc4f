import type { Json } from './json.ts';
import { hideSecrets } from './redaction/hide-secrets.ts';
import { capText } from './render/cut-text.ts';

const shownLength = 120;

/** The path of the first difference; undefined when `actual` holds everything that `expected` names. */
export function missingFrom(actual: Json | undefined, expected: Json, path: string): string | undefined {
  if (expected === null || typeof expected !== 'object') {
    return actual === expected
      ? undefined
      : `${path} is ${show(actual)}, expected ${JSON.stringify(expected)}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return `${path} is not a list of ${expected.length}`;
    return firstDefined(
      expected.map((item: Json, i) => missingFrom((actual as readonly Json[])[i], item, `${path}[${i}]`)),
    );
  }
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual))
    return `${path} is not an object`;
  const own = new Map(Object.entries(actual));
  return firstDefined(
    Object.entries(expected).map(([key, value]) => missingFrom(own.get(key), value, `${path}.${key}`)),
  );
}

/** A value of somebody else's, which may be nested deeper than it can be written. */
function show(value: Json | undefined): string {
  try {
    return capText(hideSecrets(JSON.stringify(value) ?? 'missing'), shownLength);
  } catch {
    return 'nested too deeply to be shown';
  }
}

function firstDefined(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined);
}
