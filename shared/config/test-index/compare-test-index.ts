import { nearestWord } from '../file/explain/nearest-word.ts';
import type { CollectedTests } from './collected-tests.ts';
import type { IndexEntry } from './index-entry.ts';

/** A difference between an index and the collected tests. */
export type IndexDisagreement =
  /** The index lists a file in which no test was collected. */
  | { readonly kind: 'not-collected'; readonly file: string; readonly didYouMean?: string | undefined }
  | { readonly kind: 'count'; readonly file: string; readonly indexed: number; readonly collected: number }
  /** Tests were collected in a file that the index does not know. */
  | { readonly kind: 'not-indexed'; readonly file: string; readonly collected: number | undefined };

/** @param collected how many tests each file has by its runner; undefined: the runner listed the file only */
export function compareTestIndex(
  entries: readonly IndexEntry[],
  collected: CollectedTests['files'],
): readonly IndexDisagreement[] {
  const paths = [...collected.keys()];
  const claimed = new Set<string>();
  const about = entries.flatMap(({ file, tests }): IndexDisagreement[] => {
    const path = paths.find((one) => isSameFile(one, file, paths));
    if (path === undefined) return [{ kind: 'not-collected', file, didYouMean: nearestFile(file, paths) }];
    claimed.add(path);
    // A statement about one class of a file says nothing about the file.
    const count = file.includes('::') ? undefined : collected.get(path);
    return tests === undefined || count === undefined || tests === count
      ? []
      : [{ kind: 'count', file, indexed: tests, collected: count }];
  });
  const unknown = [...collected]
    .filter(([path]) => !claimed.has(path))
    .map(([file, tests]): IndexDisagreement => ({ kind: 'not-indexed', file, collected: tests }));
  return [...about, ...unknown];
}

/**
 * The whole path must match, since a suite runs by it. Some runners print paths from the root, above the listed ones.
 */
function isSameFile(path: string, file: string, paths: readonly string[]): boolean {
  const [own] = file.split('::');
  if (path === own) return true;
  if (!path.startsWith('/') || !path.endsWith(`/${own}`)) return false;
  const root = path.slice(0, -(own?.length ?? 0));
  return paths.every((one) => one.startsWith(root));
}

/** A file with a similar name; one word fewer counts as similar, too. */
function nearestFile(file: string, paths: readonly string[]): string | undefined {
  const base = (path: string) => path.split('/').at(-1) ?? path;
  const near = nearestWord(base(file), paths.map(base));
  const wordsOf = (path: string) =>
    base(path)
      .toLowerCase()
      .split(/[._-]+/);
  const words = wordsOf(file);
  const within = (path: string) =>
    wordsOf(path).every((word) => words.includes(word)) && wordsOf(path).length >= words.length - 2;
  return paths.find((path) => base(path) === near) ?? paths.find(within);
}
