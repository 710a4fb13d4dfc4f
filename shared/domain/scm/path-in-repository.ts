/**
 * The file of the repository of which a path in the container is likely a copy: the one with the longest common end.
 * @returns undefined: none, or several that are as likely
 */
export function pathInRepository(path: string, files: readonly string[]): string | undefined {
  const parts = path
    .replace(/^file:\/\//, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  for (const n of parts.keys()) {
    const end = parts.slice(n).join('/');
    const found = files.filter((file) => file === end || file.endsWith(`/${end}`));
    if (found.length > 0) return found.includes(end) ? end : found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** The folder of a file, from the root; empty: the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** The folders of a file, the nearest first, with the root as ``. */
export function foldersAbove(path: string): readonly string[] {
  const folder = folderOf(path);
  return folder === '' ? [''] : [folder, ...foldersAbove(folder)];
}

/** `folder` may be empty: the root. */
export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Of a file in `folder`. */
export function pathFrom(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}
