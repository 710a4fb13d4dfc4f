import { invalidArgument } from '../rpc-error.ts';
import { ServiceSpec } from './service-spec.ts';

const writable = new Set(Object.keys(ServiceSpec.shape));
/** They say which service, and which version of it, is meant: no fields to be written. */
const identifying = new Set(['name', 'etag']);

/**
 * Takes from `incoming` what the paths name and from `current` everything else. No paths: all of `incoming`.
 * @throws {RpcError} INVALID_ARGUMENT: a path that is no field, or one that only the platform writes
 */
export function applyUpdateMask(
  current: ServiceSpec,
  incoming: ServiceSpec,
  paths: readonly string[],
): ServiceSpec {
  if (paths.length === 0 || paths.includes('*')) return incoming;
  const merged: Record<string, unknown> = structuredClone(current);
  for (const path of paths) {
    const [field = '', ...rest] = path.split('.').map(camelCase);
    if (identifying.has(field)) continue;
    if (!writable.has(field))
      throw invalidArgument(`update_mask: '${path}' is not a field that can be updated`);
    replaceAt(merged, incoming, [field, ...rest]);
  }
  return ServiceSpec.parse(merged);
}

/** Clients send both spellings: gRPC ones snake_case, JSON ones camelCase. */
function camelCase(segment: string): string {
  return segment.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function replaceAt(into: Record<string, unknown>, from: unknown, [key = '', ...rest]: string[]): void {
  const value = isRecord(from) ? from[key] : undefined;
  if (rest.length === 0) {
    if (value === undefined) delete into[key];
    else into[key] = value;
    return;
  }
  const existing = into[key];
  const child = isRecord(existing) ? existing : {};
  into[key] = child;
  replaceAt(child, value, rest);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
