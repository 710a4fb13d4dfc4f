/** In words: `tests/e2e/`; as code also without the last slash. */
const folderInWords = /(?:^|[\s(])((?:[\w.@-]+\/)+)(?=[\s),;:]|$)/;
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
