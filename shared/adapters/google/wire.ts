import { z } from 'zod';

/** The forms that one value takes in the responses of Google's clients, depending on transport, call and options. */

/** int64: text, a number, or a Long object. */
export const Int64 = z
  .union([z.string(), z.number(), z.looseObject({ low: z.number(), high: z.number() })])
  .transform((value) => {
    if (typeof value !== 'object') return BigInt(value);
    return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
  });

/** google.protobuf.Timestamp; absent when not set. */
export const Timestamp = z
  .object({ seconds: Int64, nanos: z.number().nullish() })
  .nullish()
  .transform((value) =>
    value ? new Date(Number(value.seconds) * 1000 + Math.floor((value.nanos ?? 0) / 1e6)) : undefined,
  );

/** Text; undefined when empty, which is how proto3 sends an absent one. */
export const Text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

export const Labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

/** An enum by name; a client that gives the number gets the name from the table. Unknown ones stay as they are. */
export function enumName(names: Readonly<Record<number, string>>) {
  return z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) =>
      typeof value === 'number' ? (names[value] ?? String(value)) : (value ?? undefined),
    );
}

/** The last part of a resource name; a short name is itself. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
