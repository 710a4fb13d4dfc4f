import { ignoreFilesAbove, ruleFor } from '../commit/ignored-by.ts';
import { folderOf, pathFrom } from '../scm/path-in-repository.ts';
import { type BaseFiles, isPlainPath, maxFiles, type PreventionPlan, withLine } from './prevention-plan.ts';

/** A package is its folder. */
const packageFile = /(?:^|\/)(?:__init__\.py|index\.[cm]?[jt]sx?)$/;
/** What an ignore file may well keep out on purpose. */
const mayBeSecret =
  /(?:^|\/)\.env|\.(?:pem|key|p12|pfx|jks|keystore|kdbx)$|(?:^|\/)id_[a-z0-9]+$|credential|secret|service[-_]?account|\.tfvars|\.tfstate/i;
const maxRules = 3;

/** The ignore files that may keep the modules out of the image. */
export function filesForModules(modules: readonly string[], { files }: BaseFiles): readonly string[] {
  const paths = files.map(({ path }) => path);
  const present = modules.filter((path) => paths.includes(path));
  return [
    ...new Set(present.flatMap((path) => ignoreFilesAbove(path, ['.dockerignore', '.gcloudignore'], paths))),
  ];
}

/** One ignore file with its exceptions. */
interface Mended {
  readonly path: string;
  readonly text: string;
  readonly exceptions: readonly string[];
  /** What gets into the image by them. */
  readonly kept: readonly string[];
}

/**
 * Takes modules out of what ignore files leave out: an exception after the rule, so that all other rules stay in force.
 * @returns undefined: nothing is left out, or no exception helps, or one would let in what may be a secret
 */
export function planKeptModules(modules: readonly string[], base: BaseFiles): PreventionPlan | undefined {
  const present = modules.filter(
    (path) => isPlainPath(path) && base.files.some((file) => file.path === path),
  );
  const wanted = filesForModules(present, base);
  const mended = wanted.flatMap((file) => mend(file, present, base) ?? []);
  if (mended.length === 0 || mended.length > maxFiles) return undefined;
  const kept = [...new Set(mended.flatMap((file) => file.kept))];
  return {
    files: mended.map(({ path, text }) => ({ path, text, executable: false })),
    changes: mended.map(({ path, exceptions }) => ({ path, what: `the exception ${exceptions.join(', ')}` })),
    why: `The code imports ${present.join(', ')}. A rule of the ignore file keeps it out of the image, so that the import fails when the container starts.`,
    test: mended.flatMap(({ path }) => testsOf(path, present, base)),
    risk: `The image gets ${kept.length === 1 ? 'one more file' : `${kept.length} more files`} of the commit: ${kept.slice(0, 10).join(', ')}${kept.length > 10 ? ' …' : ''}. If a rule was to keep them out, the import has to go instead.`,
    endsCause:
      present.length === modules.length && wanted.every((file) => isWhole(file, present, mended, base)),
  };
}

/** True: after the change the ignore file leaves none of the modules out. */
function isWhole(
  file: string,
  modules: readonly string[],
  mended: readonly Mended[],
  { texts }: BaseFiles,
): boolean {
  const text = mended.find(({ path }) => path === file)?.text ?? texts.get(file);
  return (
    text !== undefined &&
    modules.every((path) => !isBelow(path, file) || ruleFor(path, file, text) === undefined)
  );
}

function isBelow(path: string, ignoreFile: string): boolean {
  const folder = folderOf(ignoreFile);
  return folder === '' || path.startsWith(`${folder}/`);
}

/** Undefined: it leaves none of the modules out, or exceptions don't help. */
function mend(file: string, modules: readonly string[], base: BaseFiles): Mended | undefined {
  const before = base.texts.get(file);
  if (before === undefined) return undefined;
  const left = modules.filter((path) => isBelow(path, file) && ruleFor(path, file, before) !== undefined);
  let text: string | undefined = before;
  for (const path of left) text = text === undefined ? undefined : withException(text, file, path);
  if (text === undefined || left.length === 0) return undefined;
  const after = text;
  const kept = base.files
    .map(({ path }) => path)
    .filter((path) => isBelow(path, file) && ruleFor(path, file, before) && !ruleFor(path, file, after));
  if (kept.some((path) => mayBeSecret.test(path) && !modules.includes(path))) return undefined;
  const exceptions = [...new Set(left.map((path) => exceptionOf(path, file)))];
  return { path: file, text: after, exceptions, kept };
}

/** The exception stands after each rule that has the last word. Undefined: Git takes nothing back from a folder left out. */
function withException(text: string, file: string, path: string): string | undefined {
  let changed = text;
  for (let n = 0; n < maxRules; n++) {
    const rule = ruleFor(path, file, changed);
    if (!rule) return changed;
    changed = withLine(changed, rule.line, exceptionOf(path, file));
  }
  return ruleFor(path, file, changed) ? undefined : changed;
}

function exceptionOf(path: string, file: string): string {
  const isPackage = packageFile.test(path) && folderOf(path) !== folderOf(file);
  const target = pathFrom(folderOf(file), isPackage ? folderOf(path) : path);
  return file.endsWith('.dockerignore') ? `!${target}` : `!/${target}${isPackage ? '/' : ''}`;
}

function testsOf(file: string, modules: readonly string[], { texts }: BaseFiles): readonly string[] {
  const folder = folderOf(file);
  const context = folder === '' ? '.' : folder;
  const left = modules.filter(
    (path) => isBelow(path, file) && ruleFor(path, file, texts.get(file) ?? '') !== undefined,
  );
  return left.map((path) =>
    file.endsWith('.gcloudignore')
      ? `gcloud meta list-files-for-upload ${context} | grep -x ${pathFrom(folder, path)}`
      : `printf 'FROM busybox\\nCOPY . /context\\nRUN test -e /context/${pathFrom(folder, path)}\\n' | docker build -f - ${context}`,
  );
}
