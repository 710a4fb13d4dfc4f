/** One text per header. Only `set-cookie` occurs more than once, or as a list. */
export function joinHeaders(
  headers: Iterable<readonly [name: string, value: string | readonly string[] | undefined]>,
): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? text : `${earlier}, ${text}`);
  }
  return Object.fromEntries(joined);
}
