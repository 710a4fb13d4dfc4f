import type { Json } from '../../domain/json.ts';
import { stepsOfKey, type WorkLimit } from '../../domain/work-limit.ts';

/**
 * Whether a value is like another one. `same`: they are equal. `at-least`: it holds what the other one does, and its maps
 * may have more keys.
 * @throws {TooExpensiveError} it takes more steps than are left
 * @throws {RangeError} they are nested too deeply for the stack
 */
export function isLike(actual: Json, wanted: Json, how: 'same' | 'at-least', limit: WorkLimit): boolean {
  limit.spend(1);
  if (typeof actual === 'string' && typeof wanted === 'string') {
    if (actual.length === wanted.length) limit.spend(actual.length / 100);
    return actual === wanted;
  }
  if (wanted === null || typeof wanted !== 'object') return actual === wanted;
  if (actual === null || typeof actual !== 'object') return false;
  if (Array.isArray(wanted) || Array.isArray(actual))
    return (
      Array.isArray(wanted) &&
      Array.isArray(actual) &&
      wanted.length === actual.length &&
      wanted.every((item: Json, n) => isLike(actual[n], item, how, limit))
    );
  const own = actual as { readonly [key: string]: Json };
  const keys = Object.entries(wanted);
  if (how === 'same') {
    const { length } = Object.keys(own);
    limit.spend(length * stepsOfKey);
    if (length !== keys.length) return false;
  }
  return keys.every(([key, value]) => Object.hasOwn(own, key) && isLike(own[key] as Json, value, how, limit));
}
