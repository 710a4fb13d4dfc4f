import { query } from 'jsonpath-rfc9535';
import type { Json } from '../../domain/json.ts';
import { missingFrom } from '../../domain/missing-from.ts';
import { excerpt } from '../../domain/render/excerpt.ts';
import type { JsonExpectation } from './json-expectation.ts';
import { matchesExpression } from './regular-expression.ts';

/**
 * What does not hold for the values that a JSONPath finds; undefined: all does.
 * @throws {RangeError} the value is nested too deeply for the stack
 */
export function checkJsonPath(
  value: Json,
  { path, exists, equals, contains, matches, oneOf }: JsonExpectation,
): string | undefined {
  const found = query(value as Parameters<typeof query>[0], path) as Json[];
  if (exists !== undefined)
    return found.length > 0 === exists
      ? undefined
      : `${path} ${exists ? 'finds nothing' : `finds ${show(found[0])}, expected nothing`}`;
  if (found.length === 0) return `${path} finds nothing`;
  const actual = show(found[0]) + (found.length > 1 ? ` and ${found.length - 1} more` : '');
  if (equals !== undefined && !found.some((one) => isSame(one, equals)))
    return `${path} is ${actual}, expected ${show(equals)}`;
  if (oneOf !== undefined && !found.some((one) => oneOf.some((wanted) => isSame(one, wanted))))
    return `${path} is ${actual}, expected one of ${oneOf.map(show).join(', ')}`;
  if (contains !== undefined && found.every((one) => missingFrom(one, contains, path) !== undefined))
    return missingFrom(found[0], contains, path);
  if (
    matches !== undefined &&
    !found.some((one) => typeof one === 'string' && matchesExpression(one, matches))
  )
    return `${path} is ${actual}, which does not match ${matches}`;
  return undefined;
}

/** Equal in both directions: neither value lacks anything. */
function isSame(a: Json, b: Json): boolean {
  return missingFrom(a, b, '') === undefined && missingFrom(b, a, '') === undefined;
}

function show(value: Json | undefined): string {
  try {
    return excerpt(value === undefined ? 'nothing' : JSON.stringify(value));
  } catch {
    return 'nested too deeply to be shown';
  }
}
