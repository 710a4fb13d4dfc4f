import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A google.protobuf.Struct as gRPC delivers it, and what it stands for. */
export const Struct: z.ZodType<{ readonly [key: string]: Json }> = z
  .object({
    fields: z
      .record(
        z.string(),
        z.lazy(() => Value),
      )
      .nullish(),
  })
  .transform(({ fields }) => fields ?? {});

/** A google.protobuf.Value: at most one of its fields is set. */
const Value: z.ZodType<Json> = z
  .object({
    boolValue: z.boolean().optional(),
    numberValue: z.number().optional(),
    stringValue: z.string().optional(),
    listValue: z.object({ values: z.array(z.lazy(() => Value)) }).nullish(),
    structValue: z.lazy(() => Struct).nullish(),
  })
  .transform(
    ({ boolValue, numberValue, stringValue, listValue, structValue }) =>
      boolValue ?? numberValue ?? stringValue ?? listValue?.values ?? structValue ?? null,
  );

export function toStruct(json: Readonly<Record<string, Json>>): object {
  return { fields: Object.fromEntries(Object.entries(json).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(json: Json): object {
  if (json === null) return { nullValue: 'NULL_VALUE' };
  if (typeof json === 'boolean') return { boolValue: json };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'string') return { stringValue: json };
  if (isList(json)) return { listValue: { values: json.map(toValue) } };
  return { structValue: toStruct(json) };
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
