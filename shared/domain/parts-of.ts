/** Of one document's items, so that it stays below 1 MiB. */
export const documentBytes = 400_000;

export interface PartLimits {
  readonly bytes: number;
  /** @default any number */
  readonly items?: number;
}

/**
 * Cuts a list into parts, in order, none of which is over the limits unless it has one item alone.
 * @param textOf what is counted of an item
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
