import { fileOfTest } from '../../domain/checks/file-of-test.ts';
import { nearestWord } from '../file/nearest-word.ts';
import type { IndexEntry } from './index-entry.ts';

/** Where an index says something else than what is collected. */
export type IndexDisagreement =
  /** The index lists a file in which no test was collected. */
  | { readonly kind: 'not-collected'; readonly file: string; readonly didYouMean?: string | undefined }
  | { readonly kind: 'count'; readonly file: string; readonly indexed: number; readonly collected: number }
  /** Tests were collected in a file that the index does not know. */
  | { readonly kind: 'not-indexed'; readonly file: string; readonly collected: number };

/** @param ids of the tests that were collected, as their runner writes them */
export function compareTestIndex(
  entries: readonly IndexEntry[],
  ids: readonly string[],
): readonly IndexDisagreement[] {
  const collected = Map.groupBy(ids, fileOfTest);
  const claimed = new Set<string>();
  const about = entries.flatMap(({ file, tests }): IndexDisagreement[] => {
    // People write file names, runners write paths.
    const found = [...collected.keys()].filter((path) => path === file || path.endsWith(`/${file}`));
    for (const path of found) claimed.add(path);
    const count = found.reduce((sum, path) => sum + (collected.get(path)?.length ?? 0), 0);
    if (found.length === 0)
      return [{ kind: 'not-collected', file, didYouMean: nearestFile(file, [...collected.keys()]) }];
    return tests === undefined || tests === count
      ? []
      : [{ kind: 'count', file, indexed: tests, collected: count }];
  });
  const unknown = [...collected]
    .filter(([path]) => !claimed.has(path))
    .map(([file, tests]): IndexDisagreement => ({ kind: 'not-indexed', file, collected: tests.length }));
  return [...about, ...unknown];
}

/** A file of nearly the same name; one that only lacks a word of it is near, too. */
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
