/** Normalises a path: with slashes, and without a leading `./` or `file://`. */
export function plainPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^file:\/\//, '')
    .replace(/^(\.\/)+/, '');
}

/** @param path a normalised one */
export function isAbsolutePath(path: string): boolean {
  return /^(\/|[A-Za-z]:\/)/.test(path);
}
