import { z } from 'zod';
import type { StoredFields, StoredValue } from './stored-value.ts';

/** JSON has no dates, so a date is written as an object with this one key. */
const dateTag = '$date';
/** Likewise NaN and the infinities. */
const numberTag = '$number';

export type TaggedJson =
  | null
  | boolean
  | number
  | string
  | readonly TaggedJson[]
  | { readonly [name: string]: TaggedJson };

const TaggedJsonSchema: z.ZodType<TaggedJson> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(TaggedJsonSchema),
    z.record(z.string(), TaggedJsonSchema),
  ]),
);

export const TaggedFieldsSchema = z.record(z.string(), TaggedJsonSchema);

/** The fields of a document as JSON takes them; `fieldsFromTaggedJson` is the inverse. */
export function taggedFields(fields: StoredFields): { readonly [name: string]: TaggedJson } {
  // A field's name that begins with `$` gets a second one, so that no field can pass for a date.
  return mapEntries(fields, (name, item) => [name.startsWith('$') ? `$${name}` : name, toTaggedJson(item)]);
}

function toTaggedJson(value: StoredValue): TaggedJson {
  if (typeof value === 'number' && !Number.isFinite(value)) return { [numberTag]: String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return { [dateTag]: value.toISOString() };
  if (isList(value)) return value.map(toTaggedJson);
  return taggedFields(value);
}

/** A text that is no date becomes an invalid one, which no document takes. */
function fromTaggedJson(json: TaggedJson): StoredValue {
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return json.map(fromTaggedJson);
  const date = Object.hasOwn(json, dateTag) ? json[dateTag] : undefined;
  if (date !== undefined) return new Date(String(date));
  const number = Object.hasOwn(json, numberTag) ? json[numberTag] : undefined;
  if (number !== undefined) return Number(number);
  return fieldsFromTaggedJson(json);
}

export function fieldsFromTaggedJson(json: { readonly [name: string]: TaggedJson }): StoredFields {
  return mapEntries(json, (name, item) => [
    name.startsWith('$') ? name.slice(1) : name,
    fromTaggedJson(item),
  ]);
}

function mapEntries<V, W>(
  map: { readonly [name: string]: V },
  change: (name: string, value: V) => [string, W],
): { readonly [name: string]: W } {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => change(name, value)));
}

function isList<V>(value: readonly V[] | { readonly [name: string]: V }): value is readonly V[] {
  return Array.isArray(value);
}
