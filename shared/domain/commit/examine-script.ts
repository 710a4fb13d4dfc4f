import type { CommitProof } from '../diagnosis/commit-evidence.ts';
import type { Evidence } from '../diagnosis/evidence.ts';
import { endOfLineOf } from '../scm/git-attributes.ts';
import { lineEndsOf } from '../scm/line-ends.ts';
import { folderOf, foldersAbove, inFolder, pathFrom, pathInRepository } from '../scm/path-in-repository.ts';
import { type CommitFacts, type CommitReport, fromCommit, fromFile, nothing, told } from './commit-facts.ts';
import { commandOf, dockerfileOf } from './dockerfile.ts';
import { describeExclusion, exclusionsOf, ignoreFilesAbove } from './ignored-by.ts';
import type { Suspicion } from './suspicion.ts';

type Script = Extract<Suspicion, { kind: 'script' }>;

/** The files that tell about a script, in the order of what they tell. */
export function filesForScript(script: Script, facts: CommitFacts): readonly string[] {
  const path = pathOf(script, facts);
  if (path === undefined)
    return script.path === undefined ? [dockerfileOf(facts.paths)].filter((file) => file !== undefined) : [];
  return [path, ...attributesAbove(path, facts), ...ignoreFilesOf(path, facts)];
}

/** The script of the repository; one that no message names is the command of the image. */
function pathOf({ path }: Script, facts: CommitFacts): string | undefined {
  if (path !== undefined) return pathInRepository(path, facts.paths);
  const dockerfile = dockerfileOf(facts.paths);
  const text = dockerfile && facts.files.get(dockerfile);
  const words = text === undefined ? [] : commandOf(text);
  return words.map((word) => pathInRepository(word, facts.paths)).find((file) => file !== undefined);
}

/** The nearest file of attributes. */
function attributesAbove(path: string, { paths }: CommitFacts): readonly string[] {
  const known = new Set(paths);
  return foldersAbove(path)
    .map((folder) => inFolder(folder, '.gitattributes'))
    .filter((file) => known.has(file))
    .slice(0, 1);
}

function ignoreFilesOf(path: string, { paths }: CommitFacts): readonly string[] {
  return ignoreFilesAbove(path, ['.dockerignore', '.gcloudignore'], paths);
}

/** Whether the commit is the reason why a script does not start. */
export function examineScript(script: Script, facts: CommitFacts): CommitReport {
  const path = pathOf(script, facts);
  if (path === undefined) return absent(script, facts);
  const text = facts.files.get(path);
  return text === undefined ? nothing : examineText(script, path, text, facts);
}

function examineText(script: Script, path: string, text: string, facts: CommitFacts): CommitReport {
  const { crlf, lines, firstIsCrlf } = lineEndsOf(text);
  const shebang = /^#!.*/.exec(text)?.[0].trim() ?? 'no line #!';
  const seen = fromFile(facts, path, `${path}: ${crlf} of ${lines} lines end with CRLF; ${shebang}`);
  const preventable = { kind: 'line-ends', paths: [path] } as const;
  // Its first line tells the kernel the interpreter; a shell stumbles over any line.
  if (firstIsCrlf || (script.isProven && crlf > 0)) {
    const answer = `in the commit: ${path} has CRLF line ends in ${crlf} of ${lines} lines`;
    return { ...told(answer, [seen], lineEnds(script, 'crlf-in-commit', 95)), preventable };
  }
  const attributes = attributesAbove(path, facts).find((file) => demandsCrlf(file, path, facts));
  if (attributes !== undefined) {
    const rule = fromFile(facts, attributes, `${attributes} demands CRLF line ends of ${path}`);
    const answer = `in the commit: ${attributes} gives ${path} CRLF line ends in each checkout`;
    return { ...told(answer, [rule, seen], lineEnds(script, 'crlf-by-attributes', 90)), preventable };
  }
  if (!script.isProven) return examineWhole(script, path, shebang, seen, facts);
  const answer = `only in the container: the commit stores ${path} with LF line ends; a checkout on Windows or a step of the build changed them`;
  return told(answer, [seen]);
}

function demandsCrlf(attributes: string, path: string, { files }: CommitFacts): boolean {
  const text = files.get(attributes);
  return text !== undefined && endOfLineOf(text, pathFrom(folderOf(attributes), path)) === 'crlf';
}

/** The line ends are right: either the file is not in the image, or its interpreter. */
function examineWhole(
  script: Script,
  path: string,
  shebang: string,
  seen: Evidence,
  facts: CommitFacts,
): CommitReport {
  const [exclusion] = exclusionsOf(path, ignoreFilesOf(path, facts), facts.files);
  const entryPoint = (name: string, weight: number): CommitProof => ({
    name,
    layer: 'cause',
    means: 'container-startup-failure/entrypoint',
    weight,
    place: script.place,
  });
  if (exclusion) {
    const rule = fromFile(facts, exclusion.file, `${exclusion.file}:${exclusion.line}: ${exclusion.pattern}`);
    const answer = `only in the container: ${describeExclusion(exclusion)} keeps ${path} out of the image`;
    return told(answer, [rule, seen], entryPoint('script-ignored', 88));
  }
  return told(
    `only in the container: the commit has ${path} with LF line ends, so the file or its interpreter (${shebang}) is not in the image`,
    [seen],
    entryPoint('lf-in-commit', 80),
  );
}

function absent({ path }: Script, facts: CommitFacts): CommitReport {
  const name = path?.split('/').at(-1);
  if (name === undefined || facts.pathsCut) return nothing;
  const answer = `the commit has no file that is surely ${name}: the image brings or misses it`;
  return told(answer, [fromCommit(facts, `no or several files end with ${name}`)]);
}

function lineEnds({ place }: Script, name: string, weight: number): CommitProof {
  return { name, layer: 'origin', means: 'line-ending-corruption', weight, place };
}
