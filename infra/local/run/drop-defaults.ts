import { protobuf } from 'google-gax';

/**
 * Removes, in place, what proto3 cannot tell from absent, so that one message has one plain form. Entries of maps
 * stay: an empty label is a label.
 */
export function dropDefaults(type: protobuf.Type, plain: Record<string, unknown>): void {
  for (const field of type.fieldsArray) {
    const { name, map, repeated, resolvedType } = field.resolve();
    const value = plain[name];
    if (isDefault(value) || isZeroEnum(resolvedType, value)) delete plain[name];
    else if (!map && resolvedType instanceof protobuf.Type) {
      for (const child of repeated && Array.isArray(value) ? value : [value])
        dropDefaults(resolvedType, child);
    }
  }
}

function isDefault(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === '0') return true;
  if (value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isZeroEnum(type: protobuf.ReflectionObject | null, value: unknown): boolean {
  return type instanceof protobuf.Enum && value === type.valuesById[0];
}
