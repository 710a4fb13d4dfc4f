/** Of one document's items, so that it stays below 1 MiB. */
export const documentBytes = 400_000;

/**
 * Cuts a list into parts, in order, none of which takes more than `maxBytes` unless it has one item alone.
 * @param textOf what is counted of an item
 */
export function partsOf<T>(items: readonly T[], textOf: (item: T) => string, maxBytes: number): T[][] {
  const parts: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const size = Buffer.byteLength(textOf(item));
    if (bytes + size > maxBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(item);
    bytes += size;
  }
  return parts;
}
