/** The limits of one document's items, which must stay below 1 MiB. */
export const documentBytes = 400_000;

export interface PartLimits {
  readonly bytes: number;
  /** @default any number */
  readonly items?: number;
}

/**
 * Splits a list into parts, in order. No part exceeds the limits, unless a single item does.
 * @param textOf the part of an item that is counted
 */
export function partsOf<T>(
  list: readonly T[],
  textOf: (item: T) => string,
  { bytes: maxBytes, items: maxItems = Number.POSITIVE_INFINITY }: PartLimits,
): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const item of list) {
    const size = Buffer.byteLength(textOf(item));
    const last = parts.at(-1);
    if (last && last.length < maxItems && bytes + size <= maxBytes) {
      last.push(item);
      bytes += size;
    } else {
      parts.push([item]);
      bytes = size;
    }
  }
  return parts;
}
