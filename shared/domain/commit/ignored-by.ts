import { type IgnoreFileName, type IgnoreRule, ignoringRule } from '../scm/ignore-file.ts';
import { folderOf, foldersAbove, inFolder, pathFrom } from '../scm/path-in-repository.ts';

/** The rule of an ignore file that leaves a file out. */
export interface Exclusion extends IgnoreRule {
  /** The ignore file. */
  readonly file: string;
}

/** The ignore files of a repository that may leave `path` out: those of the folders above it, the nearest first. */
export function ignoreFilesAbove(
  path: string,
  names: readonly IgnoreFileName[],
  paths: readonly string[],
): readonly string[] {
  const known = new Set(paths);
  return foldersAbove(path)
    .flatMap((folder) => names.map((name) => inFolder(folder, name)))
    .filter((file) => known.has(file));
}

/** Which of these ignore files leave `path` out, and by which rule. @param files texts by their paths */
export function exclusionsOf(
  path: string,
  ignoreFiles: readonly string[],
  files: ReadonlyMap<string, string | undefined>,
): readonly Exclusion[] {
  return ignoreFiles.flatMap((file) => {
    const text = files.get(file);
    const rule = text === undefined ? undefined : ruleFor(path, file, text);
    return rule ? [{ ...rule, file }] : [];
  });
}

/** The rule of one ignore file by which it leaves `path` out. */
export function ruleFor(path: string, file: string, text: string): IgnoreRule | undefined {
  const folder = folderOf(file);
  return ignoringRule(pathFrom(folder, file) as IgnoreFileName, text, pathFrom(folder, path));
}

/** `line 3 of .dockerignore (**\/monitoring/)` */
export function describeExclusion({ line, file, pattern }: Exclusion): string {
  return `line ${line} of ${file} (${pattern})`;
}
