/** One way to write a path: with slashes, and without a leading `./` or `file://`. */
export function plainPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^file:\/\//, '')
    .replace(/^(\.\/)+/, '');
}

/** @param path a plain one */
export function isAbsolutePath(path: string): boolean {
  return /^(\/|[A-Za-z]:\/)/.test(path);
}
