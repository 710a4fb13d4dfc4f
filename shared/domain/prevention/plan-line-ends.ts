import { endOfLineOf } from '../scm/git-attributes.ts';
import { lineEndsOf } from '../scm/line-ends.ts';
import { folderOf, foldersAbove, inFolder, pathFrom } from '../scm/path-in-repository.ts';
import {
  type BaseFiles,
  isPlainPath,
  maxFiles,
  type PlannedFile,
  type PreventionPlan,
  withLine,
} from './prevention-plan.ts';

/** The files that tell whether scripts have the right line ends. */
export function filesForLineEnds(scripts: readonly string[], base: BaseFiles): readonly string[] {
  const known = new Set(base.files.map(({ path }) => path));
  const present = scripts.filter((path) => known.has(path));
  return [...new Set([...present, ...present.map((path) => attributesFor(path, base))])].filter((path) =>
    known.has(path),
  );
}

/** The nearest file of attributes, which has the last word; where there is none, one at the root. */
function attributesFor(path: string, { files }: BaseFiles): string {
  const known = new Set(files.map((file) => file.path));
  const above = foldersAbove(path).map((folder) => inFolder(folder, '.gitattributes'));
  return above.find((file) => known.has(file)) ?? '.gitattributes';
}

/**
 * Stores scripts with LF line ends, and demands them in `.gitattributes`.
 * @returns undefined: there is nothing to change, or no change that is surely right
 */
export function planLineEnds(scripts: readonly string[], base: BaseFiles): PreventionPlan | undefined {
  const mended = scripts.filter((path) => isPlainPath(path) && base.texts.get(path) !== undefined);
  const stored = mended.filter((path) => lineEndsOf(base.texts.get(path) ?? '').crlf > 0);
  const demanded = mended.filter((path) => demandOf(path, base) !== 'lf');
  const files = [...stored.map((path) => renormalised(path, base)), ...attributesWith(demanded, base)];
  if (files.length === 0 || files.length > maxFiles) return undefined;
  return {
    files,
    changes: files.map(({ path }) => ({
      path,
      what: stored.includes(path)
        ? 'LF line ends, nothing else'
        : `demands LF line ends of ${demanded.join(', ')}`,
    })),
    why: 'The kernel takes the carriage return at the end of a first line such as #!/bin/sh for a part of the name of the interpreter, finds no such file, and the container does not start. With eol=lf, Git stores and checks out the script with LF line ends, whatever the settings of the machine.',
    test: mended.map((path) => `git ls-files --eol ${path}`),
    risk: 'None for Linux. A checkout that has the script already keeps its line ends until the file is checked out anew.',
    endsCause: mended.length === scripts.length,
  };
}

function demandOf(path: string, base: BaseFiles): string | undefined {
  const file = attributesFor(path, base);
  return endOfLineOf(base.texts.get(file) ?? '', pathFrom(folderOf(file), path));
}

function renormalised(path: string, { files, texts }: BaseFiles): PlannedFile {
  const executable = files.some((file) => file.path === path && file.isExecutable);
  return { path, text: (texts.get(path) ?? '').replaceAll('\r\n', '\n'), executable };
}

function attributesWith(scripts: readonly string[], base: BaseFiles): readonly PlannedFile[] {
  const groups = Map.groupBy(scripts, (path) => attributesFor(path, base));
  return [...groups].map(([path, of]) => {
    const lines = of.map((script) => `/${pathFrom(folderOf(path), script)} text eol=lf`);
    const text = lines.reduce(
      (all, line) => withLine(all, Number.POSITIVE_INFINITY, line),
      base.texts.get(path) ?? '',
    );
    return { path, text, executable: false };
  });
}
