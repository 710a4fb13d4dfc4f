/** One way to write a path: with slashes, and without a leading `./`. */
export function plainPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}
