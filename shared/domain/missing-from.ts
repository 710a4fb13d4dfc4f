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
    return firstMissing(
      expected.entries(),
      (i) => (actual as readonly Json[])[i],
      (i) => `${path}[${i}]`,
    );
  }
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual))
    return `${path} is not an object`;
  const own = actual as { readonly [key: string]: Json };
  return firstMissing(
    Object.entries(expected),
    (key) => (Object.hasOwn(own, key) ? own[key] : undefined),
    (key) => `${path}.${key}`,
  );
}

function firstMissing<K>(
  expected: Iterable<readonly [K, Json]>,
  actualOf: (key: K) => Json | undefined,
  pathOf: (key: K) => string,
): string | undefined {
  for (const [key, value] of expected) {
    const missing = missingFrom(actualOf(key), value, pathOf(key));
    if (missing !== undefined) return missing;
  }
  return undefined;
}

/** A value of somebody else's, which may be nested deeper than it can be written. */
function show(value: Json | undefined): string {
  try {
    return capText(hideSecrets(JSON.stringify(value) ?? 'missing'), shownLength);
  } catch {
    return 'nested too deeply to be shown';
  }
}
