/** In words: `tests/e2e/`; without the last slash as code, or where it begins like a folder of tests: `and/or` is none. */
const folderInWords =
  /(?:^|[\s(])((?:[\w.@-]+\/)+|(?:tests?|__tests__|specs?|e2e|src|apps|packages)\/[\w@/-]+)(?=[\s),;:]|$)/;
const folderAsCode = /`((?:[\w.@-]+\/)+[\w@-]*)`/;

/** The folder that a heading, a list item or a cell names for what stands below it. */
export function folderIn(text: string): string | undefined {
  const folder = folderAsCode.exec(text)?.[1] ?? folderInWords.exec(text.replace(/[*`]/g, ''))?.[1];
  return folder?.replace(/^(\.\/)+/, '').replace(/\/$/, '');
}

/** A path as the index means it: below the folder of its heading, unless it begins where that folder does. */
export function withinFolder(folder: string | undefined, path: string): string {
  if (folder === undefined || folder === '' || path.startsWith('/')) return path;
  const [first] = folder.split('/');
  return path.includes('/') && path.split('/')[0] === first ? path : `${folder}/${path}`;
}
