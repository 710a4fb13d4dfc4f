/**
 * In prose: `tests/e2e/`. The last slash may be missing in code, or if the path begins like a test folder: `and/or` is
 * no folder.
 */
const folderInWords =
  /(?:^|[\s(])((?:[\w.@-]+\/)+|(?:tests?|__tests__|specs?|e2e|src|apps|packages)\/[\w@/-]+)(?=[\s),;:]|$)/;
const folderAsCode = /`((?:[\w.@-]+\/)+[\w@-]*)`/;

/** The folder that a heading, a list item or a cell names for the entries below it. */
export function folderIn(text: string): string | undefined {
  const folder = folderAsCode.exec(text)?.[1] ?? folderInWords.exec(text.replace(/[*`]/g, ''))?.[1];
  return folder?.replace(/^(\.\/)+/, '').replace(/\/$/, '');
}

/** The full path of an entry: below the folder of its heading, unless the path already begins with it. */
export function withinFolder(folder: string | undefined, path: string): string {
  if (folder === undefined || folder === '' || path.startsWith('/')) return path;
  const [first] = folder.split('/');
  return path.includes('/') && path.split('/')[0] === first ? path : `${folder}/${path}`;
}
