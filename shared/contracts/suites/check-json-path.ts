import type { Json } from '../../domain/json.ts';
import { missingFrom } from '../../domain/missing-from.ts';
import { excerpt } from '../../domain/render/excerpt.ts';
import type { WorkLimit } from '../../domain/work-limit.ts';
import { findValues } from '../json-path/find-values.ts';
import { isLike } from '../json-path/is-like.ts';
import type { JsonExpectation } from './json-expectation.ts';
import { matchesExpression } from './regular-expression.ts';

/**
 * What does not hold for the values that a JSONPath finds; undefined: all does.
 * @throws {TooExpensiveError} it takes more steps than are left
 * @throws {RangeError} the value is nested too deeply for the stack
 */
export function checkJsonPath(
  value: Json,
  { path, exists, equals, contains, matches, oneOf }: JsonExpectation,
  limit: WorkLimit,
): string | undefined {
  limit.begin(path);
  const found = findValues(value, path, limit);
  const [first] = found;
  if (exists !== undefined)
    return found.length > 0 === exists
      ? undefined
      : `${path} ${exists ? 'finds nothing' : `finds ${show(first)}, expected nothing`}`;
  if (first === undefined) return `${path} finds nothing`;
  const actual = () => show(first) + (found.length > 1 ? ` and ${found.length - 1} more` : '');
  if (equals !== undefined && !found.some((one) => isLike(one, equals, 'same', limit)))
    return `${path} is ${actual()}, expected ${show(equals)}`;
  if (oneOf !== undefined && !found.some((one) => oneOf.some((wanted) => isLike(one, wanted, 'same', limit))))
    return `${path} is ${actual()}, expected one of ${oneOf.map(show).join(', ')}`;
  if (contains !== undefined && !found.some((one) => isLike(one, contains, 'at-least', limit)))
    return missingFrom(first, contains, path);
  if (
    matches !== undefined &&
    !found.some((one) => typeof one === 'string' && matchesExpression(one, matches, limit))
  )
    return `${path} is ${actual()}, which does not match ${matches}`;
  return undefined;
}

function show(value: Json | undefined): string {
  try {
    return excerpt(value === undefined ? 'nothing' : JSON.stringify(value));
  } catch {
    return 'nested too deeply to be shown';
  }
}
