export type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

const pattern = /^attributes\.([A-Za-z_][\w-]*) = "([^"\\]*)"$/;

/** @param text `attributes.key = "value"`; the rest of Pub/Sub's language is not known. @throws {TypeError} */
export function parseFilter(text: string): Filter {
  const [, key, value] = pattern.exec(text) ?? [];
  if (key === undefined) throw new TypeError(`not a filter of the form attributes.key = "value": ${text}`);
  return (attributes) => attributes[key] === value;
}
