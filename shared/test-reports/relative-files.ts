import { isAbsolutePath, plainPath } from './plain-path.ts';

/** The leading part that can be a path: `tests/a.py` of `tests/a.py::TestX::test_y`. */
const leadingFile = /^.*?\.\w{1,12}(?=::|#|\s|$)/;
const maxPathParts = 64;

/**
 * The paths by which relative ids refer to files that a report names from the root: of each, the longest end that some
 * id begins with. An end that two files of the report share belongs to neither.
 */
export function relativeFiles(ids: readonly string[], files: Iterable<string>): ReadonlyMap<string, string> {
  const named = new Set(ids.map(plainPath).flatMap((id) => [id, leadingFile.exec(id)?.[0] ?? id]));
  const found = [...new Set(files)].flatMap((file): [string, string][] => {
    const end = pathEnds(file).find((path) => named.has(path));
    return end === undefined ? [] : [[file, end]];
  });
  const claims = Map.groupBy(found, ([, end]) => end);
  return new Map(found.filter(([, end]) => claims.get(end)?.length === 1));
}

/** `repo/src/a.ts`, `src/a.ts` and `a.ts` of `/repo/src/a.ts`; empty for a relative path. */
export function pathEnds(file: string): readonly string[] {
  const path = plainPath(file);
  if (!isAbsolutePath(path)) return [];
  const ends: string[] = [];
  for (let i = path.indexOf('/'); i !== -1 && ends.length < maxPathParts; i = path.indexOf('/', i + 1))
    ends.push(path.slice(i + 1));
  return ends;
}
