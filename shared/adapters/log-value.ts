import { hideNamed, hideSecrets } from '../domain/redaction/hide-secrets.ts';

const maxDepth = 5;

/**
 * A value as it may be logged: data without anything like a secret. Of an error only its name, text and code are left,
 * and of other objects of a library only their kind, since they carry requests with their headers.
 */
export function logValue(value: unknown, name = '', depth = 0): unknown {
  if (typeof value === 'string') return hideNamed(name, value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === undefined || value instanceof Date) return value;
  if (typeof value !== 'object') return hideSecrets(String(value));
  if (depth === maxDepth) return '[…]';
  if (Array.isArray(value)) return value.map((item) => logValue(item, name, depth + 1));
  if (value instanceof Error) return logError(value);
  if (!isPlain(value)) return Object.prototype.toString.call(value);
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [field, logValue(item, field, depth + 1)]),
  );
}

function logError(error: Error): object {
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? error.code : undefined;
  return { name: error.name, message: hideSecrets(error.message), code };
}

/** Also of another realm, such as a test runner's. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
